// A 10 kHz itimer while calls are made: every tick that is due is delivered
// (counted in the handler against what the timer says), nothing is lost. Where
// signals cost more than 100 us, it ticks slower: the program must get on.
//e2e:again SYSTRAP_DISCOVER=only
#include "probe.h"
static atomic_int ticks, nested;
static volatile long rounds;
static void h(int s, siginfo_t *i, void *u) {
	ticks++;
	if (getpid() != getppid())
		nested++;
	if (s != SIGRTMIN)
		pace(s == SIGALRM ? ITIMER_REAL : ITIMER_PROF, rounds);
}
static timer_t id;
static void last(int s, siginfo_t *i, void *u) {
	h(s, i, u);
	if (ticks == 50)
		timer_settime(id, 0, &(struct itimerspec){{0}}, NULL);
}
int main(void) {
	on(SIGALRM, h, SA_RESTART);
	on(SIGPROF, h, SA_RESTART | SA_NODEFER);
	struct itimerval t = {{0, 100}, {0, 100}}, off = {{0}};
	setitimer(ITIMER_REAL, &t, NULL);
	setitimer(ITIMER_PROF, &t, NULL);
	int fds[2], wrong = 0;
	if (pipe(fds))
		return 1;
	struct timespec a, b;
	clock_gettime(CLOCK_MONOTONIC, &a);
	do {
		char c = rounds++, d;
		if (write(fds[1], &c, 1) != 1 || read(fds[0], &d, 1) != 1 || c != d)
			wrong++;
		clock_gettime(CLOCK_MONOTONIC, &b);
	} while (ticks <= 100 || (b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec < 300000000L);
	setitimer(ITIMER_REAL, &off, NULL);
	setitimer(ITIMER_PROF, &off, NULL);
	say("wrong %d enough ticks %d all nested %d", wrong, ticks > 100, ticks == nested);
	struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
	on(SIGRTMIN, last, 0);
	ticks = 0;
	timer_create(CLOCK_MONOTONIC, &e, &id);
	struct itimerspec s = {{0, 1000000}, {0, 1000000}};
	timer_settime(id, 0, &s, NULL);
	while (ticks < 50)
		sleep_ms(1);
	timer_delete(id);
	say("timer signals");
}
