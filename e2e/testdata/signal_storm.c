// Threads that make calls while signals rain on them from other threads and
// another process; every queued real-time signal arrives once, in order.
#include "probe.h"
static atomic_int got, expected, out_of_order;
static void rt(int s, siginfo_t *i, void *u) {
	if (i->si_value.sival_int != expected)
		out_of_order++;
	expected = i->si_value.sival_int + 1;
	got++;
	getppid();
}
static void h(int s, siginfo_t *i, void *u) { char b[8]; int fd = open("/dev/null", O_RDONLY); if (read(fd, b, 8)) say("?"); close(fd); }
static atomic_int stop, calls;
static void *caller(void *p) { while (!stop) { getppid(); if (++calls % 200 == 0) sleep_ms(1); } return NULL; }
int main(void) {
	pthread_t t[3];
	on(SIGRTMIN, rt, SA_RESTART);
	on(SIGUSR1, h, SA_RESTART);
	on(SIGILL, h, SA_RESTART | SA_NODEFER);
	sigset_t s = set_of(SIGRTMIN, 0);
	pthread_sigmask(SIG_BLOCK, &s, NULL); // in the threads
	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, caller, NULL);
	pthread_sigmask(SIG_UNBLOCK, &s, NULL);
	pid_t p = fork();
	if (!p) {
		for (int i = 0; i < 500; i++)
			while (sigqueue(getppid(), SIGRTMIN, (union sigval){.sival_int = i}))
				sched_yield();
		_exit(0);
	}
	for (int i = 0; i < 300; i++) {
		pthread_kill(t[i % 3], i & 1 ? SIGUSR1 : SIGILL);
		sched_yield();
	}
	say_child("sender", p);
	while (got < 500)
		sleep_ms(1);
	stop = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	say("got %d out of order %d", got, out_of_order);
}
