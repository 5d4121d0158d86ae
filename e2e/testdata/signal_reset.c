// SA_RESETHAND, SA_NODEFER and nested handlers, SIGILL among the signals.
#include "probe.h"
static int depth, runs, want;
static void once(int s, siginfo_t *i, void *u) {
	struct sigaction old;
	sigaction(s, NULL, &old);
	say("once %d, now default %d flags %x", s, old.sa_handler == SIG_DFL, old.sa_flags);
}
static void nest(int s, siginfo_t *i, void *u) {
	say("enter %d depth %d", s, ++depth);
	say_mask("mask");
	if (++runs < want)
		raise(s);
	say("leave %d depth %d", s, depth--);
	getpid();
}
static void cross(int s, siginfo_t *i, void *u) {
	say("cross %d", s);
	if (s == SIGUSR1)
		raise(SIGILL);
	if (s == SIGILL)
		raise(SIGUSR2);
	say_mask("cross mask");
}
int main(void) {
	int sigs[] = {SIGUSR1, SIGILL, SIGSEGV, SIGTRAP};
	for (int i = 0; i < 4; i++) {
		on(sigs[i], once, SA_RESETHAND);
		raise(sigs[i]);
		on(sigs[i], nest, SA_NODEFER);
		runs = 0, want = 4;
		raise(sigs[i]);
		on(sigs[i], nest, 0);
		runs = 0, want = 3;
		raise(sigs[i]); // the inner one runs after the outer
		depth = 0;
		say_mask("after");
	}
	on(SIGUSR1, cross, 0);
	on(SIGILL, cross, 0);
	on(SIGUSR2, cross, 0);
	raise(SIGUSR1);
	say_mask("end");
}
