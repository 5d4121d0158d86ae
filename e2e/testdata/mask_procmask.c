// rt_sigprocmask reads back what was set, SIGILL included, and sigreturn does
// not undo it.
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
static void h(int s, siginfo_t *i, void *u) {
	sigset_t b = set_of(SIGHUP, SIGILL, 0);
	say("handler %d", s);
	sigprocmask(SIG_BLOCK, &b, NULL); // undone by sigreturn
	say_mask("in handler");
}
static void edit(int s, siginfo_t *i, void *u) {
	sigaddset(&((ucontext_t *)u)->uc_sigmask, SIGWINCH);
	sigaddset(&((ucontext_t *)u)->uc_sigmask, SIGILL);
}
int main(void) {
	sigset_t a = set_of(SIGUSR1, SIGILL, 0), b = set_of(SIGILL, SIGTERM, 0), all, old;
	say_result(sigprocmask(SIG_BLOCK, &a, &old));
	say_set("old", &old);
	say_mask("blocked");
	say_result(sigprocmask(SIG_UNBLOCK, &b, &old));
	say_set("old", &old);
	say_mask("unblocked");
	say_result(sigprocmask(SIG_SETMASK, &b, &old));
	say_set("old", &old);
	say_mask("set");
	sigfillset(&all);
	say_result(sigprocmask(SIG_SETMASK, &all, &old));
	say_mask("full");
	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	say_set("old full", &old);
	say_result(sigprocmask(77, &a, &old));
	say_result(raw6(SYS_rt_sigprocmask, SIG_BLOCK, 8, 0, 8, 0, 0));
	say_result(raw6(SYS_rt_sigprocmask, SIG_BLOCK, 0, 8, 8, 0, 0));
	say_result(raw6(SYS_rt_sigprocmask, SIG_BLOCK, 0, 0, 4, 0, 0));
	say_result(raw6(SYS_rt_sigprocmask, 77, 0, 0, 8, 0, 0));
	uint64_t k = ~0ull;
	say_result(raw6(SYS_rt_sigprocmask, SIG_SETMASK, (long)&k, 0, 8, 0, 0));
	k = 0;
	raw6(SYS_rt_sigprocmask, SIG_SETMASK, (long)&k, (long)&k, 8, 0, 0); // same buffer
	say("raw old %llx", (unsigned long long)k);
	say_mask("empty");
	on(SIGUSR1, h, 0);
	raise(SIGUSR1);
	say_mask("after handler");
	on(SIGUSR1, edit, 0);
	raise(SIGUSR1);
	say_mask("after edited frame");
	FILE *f = fopen("/proc/self/status", "r");
	char line[200];
	while (fgets(line, sizeof line, f))
		if (!strncmp(line, "SigBlk", 6) && strtoull(line + 8, 0, 16) & (1 << (SIGWINCH - 1)))
			say("kernel blocks SIGWINCH");
}
