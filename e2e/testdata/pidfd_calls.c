// pidfds: poll, wait, send signals, pidfd_getfd.
//e2e:not-musl musl has no pidfd_open
#include "probe.h"
#include <poll.h>
#include <sys/pidfd.h>
int main(void) {
	int fds[2], st;
	if (pipe(fds))
		return 1;
	pid_t p = fork();
	if (!p) {
		dup2(fds[1], 50);
		if (write(fds[1], "r", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	char b;
	if (read(fds[0], &b, 1) != 1)
		return 1;
	int fd = pidfd_open(p, 0);
	int got = pidfd_getfd(fd, 50, 0);
	say("getfd %d write %zd", got >= 0, write(got, "x", 1));
	struct pollfd pf = {.fd = fd, .events = POLLIN};
	say("poll %d", poll(&pf, 1, 20));
	say_result(pidfd_send_signal(fd, SIGILL, NULL, 0));
	say("poll %d", poll(&pf, 1, 100000));
	siginfo_t i;
	say("waitid %d", waitid(P_PIDFD, fd, &i, WEXITED | WNOWAIT));
	say("code %d status %d", i.si_code, i.si_status);
	waitpid(p, &st, 0);
	say_result(pidfd_send_signal(fd, SIGTERM, NULL, 0));
}
