// A SIGILL that is sent to the process while it blocks it, and that a thread takes in which
// ends: it stays pending for the process, for whoever asks, waits or lets it in.
#include "probe.h"
static sigset_t own;
static void h(int s, siginfo_t *i, void *u) { say("handler %d code %d value %d", s, i->si_code, i->si_value.sival_int); }
static void *send(void *p) {
	// The other thread has one pending of its own, so the kernel gives it this one.
	sigqueue(getpid(), SIGILL, (union sigval){.sival_int = (long)p});
	return 0;
}
static void pass(long value) {
	pthread_t t;
	for (int i = 0; i < 20; i++) {
		pthread_create(&t, 0, send, (void *)value);
		pthread_join(t, 0);
	}
}
int main(void) {
	own = set_of(SIGILL, 0);
	sigprocmask(SIG_BLOCK, &own, 0);
	on(SIGILL, h, 0);
	sigset_t p;
	siginfo_t i;
	struct timespec now = {0};
	pass(1);
	sigpending(&p);
	say_set("pending", &p);
	say("taken %d value %d", sigtimedwait(&own, &i, &now), i.si_value.sival_int);
	say("again %d", sigtimedwait(&own, &i, &now));
	pass(2);
	sigprocmask(SIG_UNBLOCK, &own, 0);
	say("let in");
	sigprocmask(SIG_BLOCK, &own, 0);
	pass(3);
	signal(SIGILL, SIG_IGN);
	sigpending(&p);
	say_set("ignored", &p);
}
