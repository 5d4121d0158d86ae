// A call that waits for events with a mask of its own returns those that are there; a signal that the mask would let in
// stays pending. Where there are none the signal ends the call.
#include "probe.h"
#include <poll.h>
#include <sys/epoll.h>
static volatile int hit;
static int fds[2], epoll;
static void h(int s) { hit++; }
static int by_ppoll(const sigset_t *m) {
	struct pollfd p = {fds[0], POLLIN, 0};
	struct timespec t = {5, 0};
	return ppoll(&p, 1, &t, m);
}
static int by_epoll(const sigset_t *m) {
	struct epoll_event e;
	return epoll_pwait(epoll, &e, 1, 5000, m);
}
static int by_epoll2(const sigset_t *m) {
	struct epoll_event e;
	struct timespec t = {5, 0};
	return syscall(SYS_epoll_pwait2, epoll, &e, 1, &t, m, 8);
}
static void wait_with(int sig, int (*call)(const sigset_t *), const char *name) {
	sigset_t pending, all, one;
	char c = 0;
	sigemptyset(&all);
	sigemptyset(&one);
	sigaddset(&one, sig);
	if (write(fds[1], &c, 1) != 1)
		say("write");
	raise(sig);
	hit = 0;
	int r = call(&all);
	sigpending(&pending);
	say("%d %s: %d ready, hits %d, pending %d", sig, name, r, hit, sigismember(&pending, sig));
	if (read(fds[0], &c, 1) != 1)
		say("read");
	r = call(&all);
	say("%d %s: %d %s, hits %d", sig, name, r, strerrorname_np(errno), hit);
	raise(sig);
	r = call(&all);
	int e = errno;
	sigpending(&pending);
	say("%d %s: %d %s, hits %d, pending %d", sig, name, r, strerrorname_np(e), hit, sigismember(&pending, sig));
}
int main(void) {
	static const int signals[] = {SIGUSR1, SIGILL, SIGSYS, SIGTRAP};
	sigset_t m;
	sigemptyset(&m);
	for (int i = 0; i < 4; i++) {
		sigaddset(&m, signals[i]);
		signal(signals[i], h);
	}
	sigprocmask(SIG_BLOCK, &m, NULL);
	if (pipe(fds))
		say("pipe");
	epoll = epoll_create1(0);
	struct epoll_event e = {.events = EPOLLIN};
	epoll_ctl(epoll, EPOLL_CTL_ADD, fds[0], &e);
	for (int i = 0; i < 4; i++) {
		wait_with(signals[i], by_ppoll, "ppoll");
		wait_with(signals[i], by_epoll, "epoll_pwait");
		wait_with(signals[i], by_epoll2, "epoll_pwait2");
	}
}
