// The frames that unwind tables describe, and some that they do not: a program
// whose stacks are read (-k, stack_test.go) must not notice it.
//e2e:flags -O1 -fomit-frame-pointer
#include <alloca.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline, noclone))
static volatile int sink;

NOINLINE int leaf(int n) { sink = getppid() != 0; return n + sink; }
NOINLINE int deep(int n) { return n ? deep(n - 1) + 1 : leaf(0); }
NOINLINE int with_alloca(int n) { char *p = alloca(n); memset(p, 1, n); sink = p[n - 1]; return leaf(p[0]) + 1; }
NOINLINE int with_array(int n) { long v[n]; memset(v, 1, sizeof v); return leaf((int)v[n - 1] & 1) + 1; }
// The compiler finds the arguments by another register than the stack's when it
// aligns the stack: the CFA is an expression.
NOINLINE int aligned(int n) {
	char __attribute__((aligned(128))) buf[256];
	memset(buf, n, sizeof buf);
	sink = (uintptr_t)buf % 128;
	return leaf(buf[n]) + with_alloca(n + 64) + sink;
}
NOINLINE int compare(const void *a, const void *b) { return leaf(*(int *)a) - leaf(*(int *)b); }
static jmp_buf back;
NOINLINE void jumper(int n) { leaf(n); longjmp(back, 1); }
static void handler(int s) { leaf(s); if (s == SIGUSR1) raise(SIGUSR2); }
static void *thread(void *arg) { leaf(3); return arg; }

// A function of the usual beginning, without unwind tables.
__asm__(".text\n.globl framed\n.type framed,@function\nframed:\n\tpushq %rbp\n\tmovq %rsp,%rbp\n\tsubq $48,%rsp\n"
	"\tcall *%rdi\n\tleave\n\tret\n.size framed,.-framed\n");
int framed(int (*f)(void));
NOINLINE int for_framed(void) { return leaf(1); }

int main(void) {
	int v[4] = {3, 1, 2, 0};
	char *alt = malloc(1 << 16);
	pthread_t t;
	int status;
	printf("%d %d %d %d\n", leaf(1), with_alloca(100), with_array(20), aligned(5));
	qsort(v, 4, sizeof v[0], compare);
	printf("%d %d\n", deep(20), deep(400));
	if (!setjmp(back))
		jumper(1);
	leaf(2);
	signal(SIGUSR1, handler);
	signal(SIGUSR2, handler);
	raise(SIGUSR1);
	stack_t ss = {.ss_sp = alt, .ss_size = 1 << 16};
	struct sigaction sa = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
	sigaltstack(&ss, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	raise(SIGUSR2);
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	pid_t p = vfork();
	if (!p) {
		leaf(1);
		_exit(3);
	}
	waitpid(p, &status, 0);
	p = fork();
	if (!p)
		_exit(deep(3));
	waitpid(p, &status, 0);
	printf("%d\n", framed(for_framed));
	leaf(WEXITSTATUS(status));
	fflush(stdout);
	return 0;
}
