// Filters that are about calls which the library answers itself: their verdict counts.
//e2e:again SYSTRAP_DOOR=jump
#include "filters.h"
#include <sys/ptrace.h>
static volatile int traps, nr_seen;
static void h(int s, siginfo_t *i, void *u) {
	traps++;
	nr_seen = i->si_syscall;
	((ucontext_t *)u)->uc_mcontext.gregs[REG_RAX] = -EXDEV;
}
static int nr;
static long act(void) {
	sigset_t set = set_of(SIGUSR1, 0);
	struct timespec zero = {0};
	struct sigaction a;
	switch (nr) {
	case SYS_rt_sigprocmask: return raw6(nr, SIG_BLOCK, (long)&set, 0, 8, 0, 0);
	case SYS_rt_sigaction: return raw6(nr, SIGILL, 0, (long)&a, 8, 0, 0);
	case SYS_rt_sigtimedwait: return raw6(nr, (long)&set, 0, (long)&zero, 8, 0, 0);
	case SYS_ptrace: return raw6(nr, PTRACE_TRACEME, 0, 0, 0, 0, 0);
	}
	return raw6(SYS_prctl, 59, 0, 0, 0, 0, 0); // PR_SET_SYSCALL_USER_DISPATCH
}
static unsigned action;
static void behind(void) {
	on(SIGSYS, h, 0);
	refuse(nr, action);
	long r = act();
	sigset_t s;
	sigemptyset(&s);
	if (nr != SYS_rt_sigprocmask)
		sigprocmask(0, NULL, &s);
	say("%ld traps %d of it %d blocked %d", r, traps, nr_seen == nr, sigismember(&s, SIGUSR1));
}
static void by_argument(void) {
	// SIG_SETMASK is refused, the others are not.
	struct sock_filter f[] = {LOAD(nr), IF(SYS_rt_sigprocmask, 0, 2), ARG(0), IF(SIG_SETMASK, 1, 0), RETURN(SECCOMP_RET_ALLOW), RETURN(answer_eperm)};
	sigset_t s = set_of(SIGUSR1, SIGILL, 0), old;
	install(f, 6, 0);
	say_result(sigprocmask(SIG_BLOCK, &s, NULL));
	say_result(sigprocmask(SIG_SETMASK, &s, NULL));
	sigprocmask(SIG_BLOCK, NULL, &old);
	say_set("blocked", &old);
}
int main(void) {
	static const int calls[] = {SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_rt_sigtimedwait, SYS_prctl, SYS_ptrace};
	static const unsigned actions[] = {SECCOMP_RET_ERRNO | 77, SECCOMP_RET_TRAP, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_LOG, SECCOMP_RET_TRACE};
	for (int i = 0; i < 5; i++)
		for (int k = 0; k < 5; k++) {
			char what[64];
			if (calls[i] == SYS_ptrace && k == 3)
				continue; // it would be traced
			nr = calls[i];
			action = actions[k];
			snprintf(what, sizeof what, "call %d action %d", nr, k);
			in_child(what, behind);
		}
	in_child("by argument", by_argument);
}
