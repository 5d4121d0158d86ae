// Threads that come and go, wait for one another, compute, and a timer's signals, until a byte comes on standard input: nothing
// of what they do may fail, and their process is as it was in the end.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static atomic_long ticks, rounds, bad;
static atomic_int stop;

static void on(int sig) { ticks++; }

static void *brief(void *arg) {
	char *p = malloc(100);
	memset(p, 1, 100);
	getppid();
	free(p);
	return arg;
}

static void *spawner(void *arg) {
	for (; !stop; rounds++) {
		pthread_t t;
		void *r = 0;
		if (pthread_create(&t, 0, brief, arg) || pthread_join(t, &r) || r != arg)
			bad++;
	}
	return 0;
}

static void *piper(void *arg) {
	int p[2];
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, 0);
	if (pipe(p))
		bad++;
	for (char c = 0; !stop; c++, rounds++) {
		char d;
		if (write(p[1], &c, 1) != 1 || read(p[0], &d, 1) != 1 || d != c)
			bad++;
	}
	sigset_t now;
	pthread_sigmask(SIG_SETMASK, 0, &now);
	if (memcmp(&now, &all, 8) && (!sigismember(&now, SIGSYS) || !sigismember(&now, SIGILL)))
		bad++;
	return 0;
}

static void *summer(void *arg) {
	for (double first = 0; !stop; rounds++) {
		double s = 0;
		for (int i = 1; i < 10000; i++)
			s += 1.0 / i;
		if (first == 0)
			first = s;
		if (s != first)
			bad++;
		if (rounds % 64 == 0)
			getpid();
	}
	return 0;
}

int main(void) {
	struct sigaction act = { .sa_handler = on, .sa_flags = SA_RESTART | SA_ONSTACK }, old;
	sigaction(SIGALRM, &act, 0);
	struct itimerval every = { { 0, 2000 }, { 0, 2000 } };
	setitimer(ITIMER_REAL, &every, 0);
	void *(*does[])(void *) = { spawner, piper, piper, summer, spawner };
	pthread_t t[5];
	for (int i = 0; i < 5; i++)
		pthread_create(&t[i], 0, does[i], t);
	puts("ready");
	fflush(stdout);
	char b;
	if (read(0, &b, 1) != 1)
		bad++;
	stop = 1;
	for (int i = 0; i < 5; i++)
		pthread_join(t[i], 0);
	sigaction(SIGALRM, 0, &old);
	stack_t alt;
	sigaltstack(0, &alt);
	printf("bad %ld, ticks %s, rounds %s, handler %s, stack %s\n", bad, ticks > 10 ? "some" : "none", rounds > 100 ? "some" : "none",
	       old.sa_handler == on ? "its own" : "another", alt.ss_flags == SS_DISABLE ? "none" : "some");
	return bad != 0;
}
