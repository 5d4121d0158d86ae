// A timer that expires around a signal that the program sends itself, thousands
// of times (CPython's test_stress_delivery_simultaneous): each is handled once.
//e2e:timeout 15m
#include "probe.h"
enum { rounds = 4000 };
static atomic_int alarms, users;
static void h(int s, siginfo_t *i, void *u) { (*(s == SIGALRM ? &alarms : &users))++; }
static void run(const char *what, int flags) {
	on(SIGALRM, h, flags);
	on(SIGUSR1, h, flags);
	alarms = users = 0;
	srand(1);
	for (int n = 1; n <= rounds; n++) {
		struct itimerval t = {{0, 0}, {0, 1 + rand() % 11}};
		setitimer(ITIMER_REAL, &t, NULL);
		kill(getpid(), SIGUSR1);
		for (int k = 0; alarms + users < 2 * n; k++) {
			nanosleep(&(struct timespec){0, 10000}, NULL);
			if (k > 50000) {
				say("%s: round %d: %d alarms, %d of the program's own", what, n, alarms, users);
				return;
			}
		}
	}
	say("%s: %d alarms, %d of the program's own", what, alarms, users);
}
int main(void) {
	static char stack[65536];
	run("plain", 0);
	run("restart", SA_RESTART);
	run("no defer", SA_NODEFER);
	sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
	run("on stack", SA_ONSTACK);
}
