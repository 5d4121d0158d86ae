// Blocking calls are restarted with SA_RESTART and fail with EINTR without.
//e2e:again SYSTRAP_DISCOVER=only
#include "probe.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
static int fds[2];
static atomic_int hits;
static volatile int ends; // the third tick ends a read that is restarted
static void h(int s, siginfo_t *i, void *u) {
	if (++hits == 3 && ends && write(fds[1], "x", 1) != 1)
		say("write: %s", strerror(errno));
}
static void tick(int on) {
	struct itimerval t = {{0, on ? 10000 : 0}, {0, on ? 10000 : 0}};
	hits = 0;
	setitimer(ITIMER_REAL, &t, NULL);
}
int main(void) {
	char b[8];
	if (pipe(fds))
		return 1;
	for (int flags = 0; flags <= SA_RESTART; flags += SA_RESTART) {
		on(SIGALRM, h, flags);
		say("restart %d", flags != 0);
		ends = flags != 0;
		tick(1);
		say_result(read(fds[0], b, 1));
		say("hits enough %d", hits >= (flags ? 3 : 1));
		ends = 0;
		tick(0);
		tick(1);
		struct timespec t = {100, 0}, rem = {0, 0};
		say_result(nanosleep(&t, &rem));
		say("rem %d", rem.tv_sec > 0);
		say_result(clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &rem));
		struct pollfd p = {.fd = -1};
		say_result(poll(&p, 1, 100000));
		say_result(select(0, 0, 0, 0, &(struct timeval){100, 0}));
		int e = epoll_create1(0);
		struct epoll_event ev;
		say_result(epoll_wait(e, &ev, 1, 100000));
		close(e);
		say_result(pause());
		int sv[2];
		socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
		setsockopt(sv[0], SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){100, 0}, sizeof(struct timeval));
		say_result(recv(sv[0], b, 1, 0));
		close(sv[0]);
		close(sv[1]);
		tick(0);
		while (read(fds[0], b, 0) == 0 && fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0 && read(fds[0], b, 8) > 0)
			;
		fcntl(fds[0], F_SETFL, 0);
	}
	// wait4 and futex
	on(SIGALRM, h, SA_RESTART);
	pid_t c = fork();
	if (c == 0) {
		sleep_ms(60);
		_exit(5);
	}
	tick(1);
	say_child("wait restarted", c);
	int f = 0;
	say_result(syscall(SYS_futex, &f, 0, 0, &(struct timespec){100, 0}, 0, 0));
	tick(0);
}
