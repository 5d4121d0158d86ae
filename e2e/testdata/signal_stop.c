// SIGSTOP and SIGCONT during calls: nanosleep goes on, futex waits go on.
#include "probe.h"
static void h(int s, siginfo_t *i, void *u) { say("handler %d", s); }
int main(void) {
	pid_t p = fork();
	if (!p) {
		struct timespec t = {0, 120000000}, a, b;
		clock_gettime(CLOCK_MONOTONIC, &a);
		say_result(nanosleep(&t, NULL));
		clock_gettime(CLOCK_MONOTONIC, &b);
		long ms = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
		say("long enough %d", ms >= 120);
		on(SIGCONT, h, 0);
		say_result(nanosleep(&(struct timespec){5, 0}, NULL));
		_exit(4);
	}
	int st;
	for (int i = 0; i < 3; i++) {
		sleep_ms(20);
		kill(p, SIGSTOP);
		waitpid(p, &st, WUNTRACED);
		say("stopped %d", WIFSTOPPED(st));
		kill(p, SIGCONT);
		waitpid(p, &st, WCONTINUED);
		say("continued %d", WIFCONTINUED(st));
	}
	sleep_ms(200);
	kill(p, SIGSTOP);
	waitpid(p, &st, WUNTRACED);
	kill(p, SIGCONT);
	say_child("child", p);
}
