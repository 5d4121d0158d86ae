// Each thread has its own mask and pending signals, SIGILL included.
#include "probe.h"
static atomic_int step, hits;
static pthread_t t1;
static void h(int s, siginfo_t *i, void *u) { say("handler %d in thread %d", s, pthread_equal(pthread_self(), t1)); hits++; }
static void *one(void *p) {
	sigset_t ill = set_of(SIGILL, SIGUSR1, 0), pend;
	t1 = pthread_self();
	say_mask("inherited");
	pthread_sigmask(SIG_BLOCK, &ill, NULL);
	if (step < 1)
		step = 1;
	while (step < 2)
		sleep_ms(1);
	sigpending(&pend);
	say_set("pending in one", &pend);
	say_mask("mask in one");
	pthread_sigmask(SIG_UNBLOCK, &ill, NULL);
	return NULL;
}
int main(void) {
	pthread_t t;
	sigset_t hup = set_of(SIGHUP, 0), ill = set_of(SIGILL, 0), pend;
	on(SIGILL, h, 0);
	on(SIGUSR1, h, 0);
	pthread_sigmask(SIG_BLOCK, &hup, NULL);
	pthread_create(&t, NULL, one, NULL);
	while (step < 1)
		sleep_ms(1);
	say_mask("mask in main");
	pthread_kill(t, SIGILL);
	pthread_kill(t, SIGUSR1);
	sigpending(&pend);
	say_set("pending in main", &pend);
	step = 2;
	pthread_join(t, NULL);
	pthread_sigmask(SIG_BLOCK, &ill, NULL);
	pthread_create(&t, NULL, one, NULL); // inherits a blocked SIGILL
	pthread_join(t, NULL);
	pid_t p = fork();
	if (!p) {
		say_mask("forked");
		_exit(0);
	}
	say_child("forked", p);
	pthread_sigmask(SIG_UNBLOCK, &ill, NULL);
	// Two threads, SIGILL sent to the process: it reaches one that takes it.
	pthread_sigmask(SIG_BLOCK, &ill, NULL);
	kill(getpid(), SIGILL);
	sigpending(&pend);
	say_set("pending for the process", &pend);
	pthread_sigmask(SIG_UNBLOCK, &ill, NULL);
	say("hits %d", hits);
}
