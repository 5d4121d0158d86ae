// epoll, eventfd, timerfd, signalfd, inotify and pipes between threads.
#include "probe.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
int main(void) {
	sigset_t s = set_of(SIGUSR1, SIGUSR2, 0);
	sigprocmask(SIG_BLOCK, &s, NULL);
	int e = epoll_create1(0), ev = eventfd(0, 0), tf = timerfd_create(CLOCK_MONOTONIC, 0), sf = signalfd(-1, &s, 0), in = inotify_init1(0);
	inotify_add_watch(in, ".", IN_CREATE);
	int fds[] = {ev, tf, sf, in};
	for (int i = 0; i < 4; i++) {
		struct epoll_event x = {.events = EPOLLIN, .data.u32 = i};
		say_result(epoll_ctl(e, EPOLL_CTL_ADD, fds[i], &x));
	}
	struct itimerspec t = {{0, 0}, {0, 10000000}};
	timerfd_settime(tf, 0, &t, NULL);
	eventfd_write(ev, 5);
	kill(getpid(), SIGUSR2);
	close(open("new", O_CREAT | O_WRONLY, 0600));
	poll(&(struct pollfd){tf, POLLIN, 0}, 1, -1);
	struct epoll_event out[8];
	int n = epoll_wait(e, out, 8, 1000), seen = 0;
	for (int i = 0; i < n; i++)
		seen |= 1 << out[i].data.u32;
	say("events %d seen %x", n, seen);
	eventfd_t v;
	uint64_t ticks;
	struct signalfd_siginfo si;
	char b[400];
	say("eventfd %d %d", eventfd_read(ev, &v), (int)v);
	say("timerfd %zd %d", read(tf, &ticks, 8), (int)ticks);
	ssize_t got = read(sf, &si, sizeof si);
	say("signalfd %zd %d", got, si.ssi_signo);
	say("inotify %d", read(in, b, sizeof b) > 0);
	s = set_of(SIGILL, SIGUSR1, 0);
	say_result(signalfd(sf, &s, 0));
	raise(SIGUSR1);
	got = read(sf, &si, sizeof si);
	say("signalfd %zd %d", got, si.ssi_signo);
	say_result(syscall(SYS_signalfd, -1, &s, 4));
	say_result(syscall(SYS_signalfd4, -1, 8, 8, 0));
	say_result(syscall(SYS_signalfd4, 1, &s, 8, 0));
}
