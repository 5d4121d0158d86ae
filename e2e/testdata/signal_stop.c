// SIGSTOP and SIGCONT during calls: nanosleep goes on, futex waits go on.
#include "probe.h"
static void h(int s, siginfo_t *i, void *u) {
	static int n;
	if (!n++)
		say("handler %d", s);
}
int main(void) {
	int fds[2], go[2];
	char b;
	if (pipe(fds) || pipe(go))
		return 1;
	pid_t p = fork();
	if (!p) {
		struct timespec t = {0, 600000000}, a, b;
		clock_gettime(CLOCK_MONOTONIC, &a);
		int r = nanosleep(&t, NULL);
		clock_gettime(CLOCK_MONOTONIC, &b);
		long ms = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
		char c;
		if (read(go[0], &c, 1) != 1)
			_exit(1);
		say("nanosleep %d, long enough %d", r, ms >= 600);
		on(SIGCONT, h, 0);
		if (write(fds[1], "x", 1) != 1)
			_exit(1);
		say_result(nanosleep(&(struct timespec){3000, 0}, NULL));
		_exit(4);
	}
	int st;
	for (int i = 0; i < 3; i++) {
		until_waits(p);
		kill(p, SIGSTOP);
		waitpid(p, &st, WUNTRACED);
		say("stopped %d", WIFSTOPPED(st));
		kill(p, SIGCONT);
		waitpid(p, &st, WCONTINUED);
		say("continued %d", WIFCONTINUED(st));
	}
	if (write(go[1], "x", 1) != 1 || read(fds[0], &b, 1) != 1)
		return 1;
	// Until it has been stopped in its nanosleep: before, SIGCONT ends nothing.
	while (until_waits(p), kill(p, SIGSTOP), waitpid(p, &st, WUNTRACED) == p && WIFSTOPPED(st))
		kill(p, SIGCONT), sleep_ms(1);
	say("child: exit %d", WIFEXITED(st) ? WEXITSTATUS(st) : -1);
}
