// SIGSTOP and SIGCONT during calls: nanosleep goes on, futex waits go on.
#include "probe.h"
static void h(int s, siginfo_t *i, void *u) { say("handler %d", s); }
int main(void) {
	int fds[2];
	char b;
	if (pipe(fds))
		return 1;
	pid_t p = fork();
	if (!p) {
		struct timespec t = {0, 600000000}, a, b;
		clock_gettime(CLOCK_MONOTONIC, &a);
		say_result(nanosleep(&t, NULL));
		clock_gettime(CLOCK_MONOTONIC, &b);
		long ms = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
		say("long enough %d", ms >= 600);
		on(SIGCONT, h, 0);
		if (write(fds[1], "x", 1) != 1)
			_exit(1);
		say_result(nanosleep(&(struct timespec){30, 0}, NULL));
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
	if (read(fds[0], &b, 1) != 1)
		return 1;
	sleep_ms(100);
	kill(p, SIGSTOP);
	waitpid(p, &st, WUNTRACED);
	kill(p, SIGCONT);
	say_child("child", p);
}
