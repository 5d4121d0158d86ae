// SIGILL sent while blocked: pending, then delivered once at unblocking.
#include "probe.h"
static void h(int s, siginfo_t *i, void *u) { say("handler %d code %d", s, i->si_code); say_mask("mask"); }
static void defaults(void) {
	sigset_t ill = set_of(SIGILL, 0), p;
	signal(SIGILL, SIG_DFL);
	sigprocmask(SIG_BLOCK, &ill, NULL);
	raise(SIGILL);
	sigpending(&p);
	say_set("pending", &p);
	sigprocmask(SIG_UNBLOCK, &ill, NULL);
	say("not reached");
}
static void fault(void) {
	sigset_t ill = set_of(SIGILL, 0);
	sigprocmask(SIG_BLOCK, &ill, NULL);
	UD2(); // a blocked fault kills
}
static void ignored(void) {
	signal(SIGILL, SIG_IGN);
	raise(SIGILL);
	say("ignored");
	UD2(); // an ignored fault kills
}
int main(void) {
	sigset_t ill = set_of(SIGILL, 0), p;
	on(SIGILL, h, 0);
	sigprocmask(SIG_BLOCK, &ill, NULL);
	kill(getpid(), SIGILL);
	kill(getpid(), SIGILL);
	sigpending(&p);
	say_set("pending", &p);
	say("unblocking");
	sigprocmask(SIG_UNBLOCK, &ill, NULL);
	say("unblocked");
	sigpending(&p);
	say_set("pending", &p);
	sigprocmask(SIG_BLOCK, &ill, NULL);
	raise(SIGILL);
	signal(SIGILL, SIG_IGN); // discards what is pending
	sigpending(&p);
	say_set("pending", &p);
	sigprocmask(SIG_UNBLOCK, &ill, NULL);
	on(SIGILL, h, 0);
	say("suspend");
	sigprocmask(SIG_BLOCK, &ill, NULL);
	raise(SIGILL);
	sigset_t none;
	sigemptyset(&none);
	say_result(sigsuspend(&none));
	in_child("default", defaults);
	in_child("fault while blocked", fault);
	in_child("ignored", ignored);
}
