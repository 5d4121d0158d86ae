// Fault handlers that repair and go on: SIGSEGV with mprotect, SIGBUS behind the
// end of a file, SIGFPE, SIGTRAP; siginfo and registers.
//e2e:again SYSTRAP_TRAP=int3
//e2e:again SYSTRAP_TRAP=hlt
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
static char *page;
static void segv(int s, siginfo_t *i, void *u) {
	say("SIGSEGV code %d addr %ld", i->si_code, (long)((char *)i->si_addr - page));
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
}
static sigjmp_buf env;
static void other(int s, siginfo_t *i, void *u) {
	say("%d code %d trapno %lld", s, i->si_code, ((ucontext_t *)u)->uc_mcontext.gregs[REG_TRAPNO]);
	if (s != SIGTRAP)
		siglongjmp(env, 1);
}
int main(void) {
	page = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	on(SIGSEGV, segv, 0);
	for (int i = 0; i < 50; i++) {
		mprotect(page, 4096, PROT_NONE);
		page[i] = i;
	}
	say("%d", page[49]);
	int fd = open("short", O_RDWR | O_CREAT, 0600);
	char *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	on(SIGBUS, other, 0);
	on(SIGFPE, other, 0);
	on(SIGTRAP, other, 0);
	if (!sigsetjmp(env, 1))
		m[0] = 1;
	volatile int zero = 0;
	if (!sigsetjmp(env, 1))
		zero = 1 / zero;
	__asm__ volatile("int3");
	// Calls with bad pointers fail with EFAULT and do not fault.
	mprotect(page, 4096, PROT_NONE);
	say_result(read(0, page, 10));
	int fds[2];
	say_result(pipe((int *)page));
	say_result(pipe(fds));
	say_result(write(fds[1], page, 10));
	say_result(sigaction(SIGUSR1, (void *)page, NULL));
	say_result(sigaction(SIGILL, (void *)page, NULL));
	say_result(sigprocmask(SIG_BLOCK, (void *)page, NULL));
	say_result(open(page, O_RDONLY));
	say_result(execve(page, (char **)page, (char **)page));
	mprotect(page, 4096, PROT_READ);
	say_result(sigaction(SIGILL, NULL, (void *)page));
	say_result(sigaction(SIGUSR1, NULL, (void *)page));
	say_result(sigprocmask(SIG_BLOCK, NULL, (void *)page));
}
