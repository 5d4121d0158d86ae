// Timers at 10 kHz, process-wide and one for each of four threads, while calls
// are made all the time: deliveries and overruns (timer_getoverrun(2)) together
// are all the expirations there have been, none lost and none twice. Where a signal
// costs more than the interval, it is doubled until the program gets on.
#include "probe.h"
#ifndef sigev_notify_thread_id // glibc has not named it yet
#define sigev_notify_thread_id _sigev_un._tid
#endif
static __thread volatile long sum, rounds;
static __thread volatile int stuck;
static __thread long interval, seen;
static __thread timer_t own;
static __thread struct timespec begun;
static long now_after(struct timespec *t) {
	struct timespec n;
	clock_gettime(CLOCK_MONOTONIC, &n);
	return (n.tv_sec - t->tv_sec) * 1000000000L + n.tv_nsec - t->tv_nsec;
}
static void h(int s, siginfo_t *i, void *u) {
	sum += 1 + i->si_overrun;
	getppid();
	stuck = rounds == seen ? stuck + 1 : 0;
	seen = rounds;
	if (stuck > 32)
		timer_settime(own, 0, &(struct itimerspec){{0}}, NULL);
}
static int try(const char *what, int sig, int to_thread) {
	sigset_t set;
	struct sigevent e = {.sigev_notify = to_thread ? SIGEV_THREAD_ID : SIGEV_SIGNAL, .sigev_signo = sig};
	e.sigev_notify_thread_id = gettid();
	sigemptyset(&set);
	sigaddset(&set, sig);
	sum = stuck = 0;
	if (timer_create(CLOCK_MONOTONIC, &e, &own))
		abort();
	clock_gettime(CLOCK_MONOTONIC, &begun);
	begun.tv_nsec += 5000000;
	if (begun.tv_nsec >= 1000000000L)
		begun.tv_sec++, begun.tv_nsec -= 1000000000L;
	struct itimerspec s = {{0, interval}, begun};
	if (timer_settime(own, TIMER_ABSTIME, &s, NULL))
		abort();
	int fds[2], wrong = 0;
	if (pipe(fds))
		abort();
	while (now_after(&begun) < 3000 * interval && stuck <= 32) {
		rounds++;
		char c = 1, d = 0;
		while (write(fds[1], &c, 1) != 1)
			wrong += errno != EINTR;
		while (read(fds[0], &d, 1) != 1)
			wrong += errno != EINTR;
		wrong += d != 1;
		// None is lost, and none comes, where it is blocked for a while.
		pthread_sigmask(SIG_BLOCK, &set, NULL);
		long before = sum;
		getppid();
		wrong += sum != before;
		pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	}
	if (stuck > 32) {
		timer_delete(own);
		close(fds[0]);
		close(fds[1]);
		return 0;
	}
	// One is pending at least when it is unblocked: it brings the count up to
	// a moment between the two readings of the clock.
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	struct timespec nap = {interval / 1000000000, 3 * interval % 1000000000};
	sigset_t pending;
	do
		nanosleep(&nap, NULL);
	while (sigpending(&pending) == 0 && !sigismember(&pending, sig));
	long least = now_after(&begun) / interval + 1;
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	long most = now_after(&begun) / interval + 1;
	timer_delete(own);
	say("%s: wrong %d enough %d none lost %d none twice %d", what, wrong, least >= 3000, sum >= least, sum <= most);
	close(fds[0]);
	close(fds[1]);
	return 1;
}
static void run(const char *what, int sig, int to_thread) {
	for (interval = 100000; !try(what, sig, to_thread); interval *= 2)
		;
}
static void *body(void *p) {
	run("thread", SIGRTMIN + 1, 1);
	return NULL;
}
int main(void) {
	on(SIGRTMIN, h, SA_RESTART);
	on(SIGRTMIN + 1, h, 0);
	on(SIGALRM, h, 0);
	run("queued signal", SIGRTMIN, 0);
	run("standard signal", SIGALRM, 0);
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, body, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
}
