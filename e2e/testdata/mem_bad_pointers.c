// Bad pointers in calls fail with EFAULT and nothing else, whatever SIGSEGV's
// and SIGBUS' dispositions and the mask are; the program's own faults still
// reach its handlers.
#include "probe.h"
#include <sys/uio.h>
static volatile int segv, bus, usr;
static void h(int s, siginfo_t *i, void *u) { s == SIGSEGV ? segv++ : s == SIGBUS ? bus++ : usr++; }
static sigjmp_buf back;
static volatile void *where;
static void jump(int s, siginfo_t *i, void *u) {
	where = i->si_addr;
	siglongjmp(back, s);
}
static void calls(const char *what) {
	long bad[] = {0x10, 0xdeadbeef000, (long)0x8000000000001000, -8, 0};
	int fd[2], n = 0;
	struct iovec v = {(void *)0x10, 4};
	pipe(fd);
	for (int i = 0; bad[i]; i++) {
		n += write(fd[1], (void *)bad[i], 4) == -1 && errno == EFAULT;
		n += open((char *)bad[i], 0) == -1 && errno == EFAULT;
		n += stat((char *)bad[i], (void *)bad[i]) == -1 && errno == EFAULT;
		n += syscall(SYS_rt_sigaction, SIGUSR2, bad[i], NULL, 8) == -1 && errno == EFAULT;
		n += syscall(SYS_rt_sigprocmask, SIG_BLOCK, bad[i], NULL, 8) == -1 && errno == EFAULT;
		n += execve((char *)bad[i], NULL, NULL) == -1 && errno == EFAULT;
	}
	n += readv(fd[0], (void *)0x10, 1) == -1 && errno == EFAULT;
	n += writev(fd[1], &v, 1) == -1 && errno == EFAULT;
	close(fd[0]);
	close(fd[1]);
	say("%s: %d, segv %d bus %d", what, n, segv, bus);
}
int main(void) {
	sigset_t both = set_of(SIGSEGV, SIGBUS, 0);
	char path[] = "bad_pointers.XXXXXX";
	int fd = mkstemp(path);
	unlink(path);
	// Beyond the end of its file a mapping is SIGBUS.
	char *m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	calls("default");
	say("bus %d", write(1, m, 4) == -1 && errno == EFAULT);
	on(SIGSEGV, h, 0);
	on(SIGBUS, h, SA_ONSTACK | SA_RESETHAND);
	calls("handled");
	say("bus %d", write(1, m, 4) == -1 && errno == EFAULT);
	sigprocmask(SIG_BLOCK, &both, NULL);
	calls("blocked");
	say("bus %d", write(1, m, 4) == -1 && errno == EFAULT);
	raise(SIGSEGV);
	calls("pending");
	sigprocmask(SIG_UNBLOCK, &both, NULL);
	say("delivered %d", segv);
	segv = 0;
	signal(SIGSEGV, SIG_IGN);
	signal(SIGBUS, SIG_IGN);
	raise(SIGSEGV);
	calls("ignored");
	say("bus %d", write(1, m, 4) == -1 && errno == EFAULT);
	on(SIGSEGV, jump, 0);
	on(SIGBUS, jump, SA_RESETHAND);
	if (!sigsetjmp(back, 1))
		*(volatile int *)0x18 = 1;
	say("own fault at %p", where);
	if (!sigsetjmp(back, 1))
		*(volatile int *)(m + 16) = 1;
	say("own bus error %d", where == m + 16);
	calls("reset");
	say("bus %d", write(1, m, 4) == -1 && errno == EFAULT);
	pid_t p = fork();
	if (!p) {
		*(volatile int *)(m + 16) = 1;
		_exit(1);
	}
	say_child("bus by default", p);
	p = vfork();
	if (!p) {
		signal(SIGSEGV, SIG_IGN);
		_exit(!(write(1, (void *)16, 4) == -1 && errno == EFAULT));
	}
	say_child("vfork ignores", p);
	if (!sigsetjmp(back, 1))
		*(volatile int *)0x20 = 1;
	say("own fault at %p", where);
	calls("end");
}
