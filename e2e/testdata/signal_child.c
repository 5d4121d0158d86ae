// SIGCHLD: handlers that wait, SA_NOCLDWAIT, SA_NOCLDSTOP, ignored.
#include "probe.h"
static atomic_int reaped;
static void h(int s, siginfo_t *i, void *u) {
	while (waitpid(-1, NULL, WNOHANG) > 0)
		reaped++;
}
int main(void) {
	on(SIGCHLD, h, SA_RESTART | SA_NOCLDSTOP);
	for (int i = 0; i < 50; i++)
		if (!fork())
			_exit(0);
	while (reaped < 50)
		sleep_ms(5);
	say("reaped %d", reaped);
	on(SIGCHLD, h, SA_NOCLDWAIT);
	if (!fork())
		_exit(3);
	int r;
	do // the handler interrupts it if the child still runs
		r = waitpid(-1, NULL, 0);
	while (r == -1 && errno == EINTR);
	say("waited for: %d %s", r, strerrorname_np(errno));
	signal(SIGCHLD, SIG_IGN);
	if (!fork())
		_exit(3);
	say_result(waitpid(-1, NULL, 0));
	signal(SIGCHLD, SIG_DFL);
	say("system %d", system("exit 2") >> 8);
}
