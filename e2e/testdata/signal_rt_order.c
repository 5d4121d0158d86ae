// Queued real-time signals come in the order they were sent, all of them.
//e2e:not-musl musl has no pthread_sigqueue
#include "probe.h"
#include <sys/syscall.h>
static atomic_int next_value, disorder, stop;
static void h(int s, siginfo_t *i, void *u) {
	if (i->si_value.sival_int != next_value)
		disorder++;
	next_value = i->si_value.sival_int + 1;
}
static void *target(void *p) {
	while (!stop)
		syscall(SYS_getppid);
	return NULL;
}
int main(void) {
	pthread_t t;
	on(SIGRTMIN, h, SA_RESTART);
	pthread_create(&t, NULL, target, NULL);
	for (int n = 0; n < 5000; n++) {
		union sigval v = {.sival_int = n};
		while (pthread_sigqueue(t, SIGRTMIN, v) != 0)
			sched_yield();
		if (n % 50 == 0)
			sleep_ms(1);
	}
	while (next_value < 5000)
		sleep_ms(1);
	stop = 1;
	pthread_join(t, NULL);
	say("disorder %d last %d", disorder, next_value);
}
