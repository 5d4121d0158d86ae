// Has the hook of things.c do what its numbers say, and says what came of it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "things.h"

static long count(long nr) { return syscall(THING_COUNT, nr); }
static void handler(int s) { getuid(); }
static sigjmp_buf back;
static void jump_away(int s) { siglongjmp(back, 1); }
static void raise_usr2(void) { raise(SIGUSR2); }
static void *thread(void *p) {
	syscall(THING_EXIT);
	return p;
}
static void *many(void *p) {
	for (int i = 0; i < 200; i++) {
		if (syscall(THING_ARGS, 11, 12, 13, 14, 15, 16) != 1 || syscall(THING_MALLOC) != 1)
			return "wrong";
		getppid();
	}
	return NULL;
}
static int small(void *p) { return syscall(THING_PRINTF, 2L) > 0 && syscall(THING_MALLOC) == 1 ? 7 : 8; }

// keeps has the hook do a thing, and says whether registers, red zone and flags are as they were; fixtures look at the rest.
static int keeps(void) {
	unsigned long in = 0x0123456789abcdef, rbx, rdx, rdi, red, flags;
	__asm__ volatile("sub $256, %%rsp; mov %[in], -8(%%rsp); mov %[in], -128(%%rsp)\n"
	                 "mov %[in], %%rbx; mov %[in], %%r12; mov %[in], %%r15; mov $5001, %%eax; xor %%edi, %%edi; mov %[in], %%rdx; mov %[in], %%r8; mov %[in], %%r9; mov %[in], %%r10\n"
	                 "mov %[in], %%rsi; stc; syscall; pushf; pop %[fl]; mov -128(%%rsp), %%rsi; add $256, %%rsp\n"
	                 : [fl] "=&a"(flags), "=b"(rbx), "=d"(rdx), "=D"(rdi), "=S"(red)
	                 : [in] "r"(in)
	                 : "rcx", "r8", "r9", "r10", "r11", "r12", "r15", "memory", "cc");
	return rbx == in && rdx == in && rdi == 0 && red == in && flags & 1;
}
int main(int argc, char **argv) {
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 1) {
		syscall(THING_CRASH);
		return 1;
	}
	jmp_buf out;
	void *hook = dlopen(NULL, RTLD_NOW);
	*(jmp_buf **)dlsym(hook, "things_out") = &out;
	*(void (**)(void))dlsym(hook, "things_call") = raise_usr2;
	printf("arguments %ld\n", syscall(THING_ARGS, 11, 12, 13, 14, 15, 16));
	errno = 5;
	long r = syscall(THING_MALLOC);
	printf("malloc %ld errno %d\n", r, errno);
	printf("printf %ld\n", syscall(THING_PRINTF, 1L));
	printf("thread %ld\n", syscall(THING_THREAD, 41L));
	printf("dlopen %ld\n", syscall(THING_DLOPEN));
	printf("fork %ld\n", syscall(THING_FORK));
	printf("spawn %ld\n", syscall(THING_SPAWN));
	printf("registers %d\n", keeps());
	long was = count(SYS_getuid);
	r = setjmp(out);
	if (r == 0)
		syscall(THING_LONGJMP);
	getuid();
	printf("longjmp %ld, hooked behind it %ld\n", r, count(SYS_getuid) - was);
	signal(SIGUSR1, handler);
	printf("handler in the hook: its calls hooked %ld\n", syscall(THING_SIGNAL));
	was = count(SYS_getuid);
	raise(SIGUSR1);
	printf("handler behind it: %ld\n", count(SYS_getuid) - was);
	stack_t ss = {.ss_sp = malloc(65536), .ss_size = 65536};
	sigaltstack(&ss, NULL);
	struct sigaction sa = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
	sigaction(SIGUSR1, &sa, NULL);
	printf("on its stack: in the hook %ld", syscall(THING_SIGNAL));
	was = count(SYS_getuid);
	raise(SIGUSR1);
	printf(", behind it %ld\n", count(SYS_getuid) - was);
	sa.sa_handler = jump_away;
	sigaction(SIGUSR2, &sa, NULL);
	was = count(SYS_getuid);
	if (!sigsetjmp(back, 1))
		syscall(THING_CALL);
	getuid();
	printf("siglongjmp out of the hook, hooked behind it %ld\n", count(SYS_getuid) - was);
	pthread_t t[4];
	void *end = NULL;
	pthread_create(&t[0], NULL, thread, NULL);
	pthread_join(t[0], &end);
	printf("pthread_exit %ld\n", (long)(intptr_t)end);
	const char *wrong = NULL;
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, many, NULL);
	for (int i = 0; i < 4; i++) {
		pthread_join(t[i], &end);
		wrong = end ? end : wrong;
	}
	printf("threads %s\n", wrong ? wrong : "right");
	printf("new threads: in them %ld, in their makers %ld\n", count(-1), count(-2));
	printf("behind calls %ld\n", count(-3));
	char *stack = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int st;
	pid_t p = clone(small, stack + 8192, SIGCHLD | CLONE_VM | CLONE_VFORK, NULL);
	printf("small stack %d\n", waitpid(p, &st, 0) == p ? WEXITSTATUS(st) : -1);
	pid_t v = vfork();
	if (v == 0) {
		syscall(THING_MALLOC);
		_exit(3);
	}
	printf("vfork %d\n", waitpid(v, &st, 0) == v ? WEXITSTATUS(st) : -1);
	return 0;
}
