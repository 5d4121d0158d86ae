// A call that waits for events with a mask of its own returns those that are there; a signal that the mask would let in
// stays pending. Where there are none the signal ends the call.
#include "probe.h"
#include <linux/aio_abi.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
static volatile int hit;
static int fds[2], epoll;
static aio_context_t aio;
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
static int by_select(const sigset_t *m) {
	fd_set in, out;
	struct timespec t = {5, 0};
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(fds[0], &in);
	FD_SET(70, &in);
	FD_SET(fds[0], &out);
	int r = pselect(71, &in, &out, NULL, &t, m), e = errno;
	say("sets %d %d %d", FD_ISSET(fds[0], &in), FD_ISSET(70, &in), FD_ISSET(fds[0], &out));
	errno = e;
	return r;
}
static int by_aio(const sigset_t *m) {
	struct io_event e;
	struct timespec t = {0, 20000000}; // the signal comes with the event
	struct { const sigset_t *mask; size_t size; } pair = {m, 8};
	return syscall(SYS_io_pgetevents, aio, 1, 1, &e, &t, &pair);
}
static void read_by_aio(char *to) {
	struct iocb cb = {.aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = fds[0], .aio_buf = (uintptr_t)to, .aio_nbytes = 1}, *list = &cb;
	if (syscall(SYS_io_submit, aio, 1, &list) != 1)
		say("io_submit %s", strerrorname_np(errno));
}
static void wait_with(int sig, int (*call)(const sigset_t *), const char *name) {
	sigset_t pending, all, one;
	char c = 0;
	sigemptyset(&all);
	sigemptyset(&one);
	sigaddset(&one, sig);
	if (write(fds[1], &c, 1) != 1)
		say("write");
	if (call == by_aio)
		read_by_aio(&c);
	raise(sig);
	hit = 0;
	int r = call(&all);
	sigpending(&pending);
	say("%d %s: %d ready, hits %d, pending %d", sig, name, r, hit, sigismember(&pending, sig));
	if (call != by_aio && read(fds[0], &c, 1) != 1)
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
	int quiet[2];
	if (pipe(quiet))
		say("pipe");
	dup2(quiet[0], 70);
	int has_aio = syscall(SYS_io_setup, 4, &aio) == 0;
	struct epoll_event e = {.events = EPOLLIN};
	epoll_ctl(epoll, EPOLL_CTL_ADD, fds[0], &e);
	for (int i = 0; i < 4; i++) {
		wait_with(signals[i], by_ppoll, "ppoll");
		wait_with(signals[i], by_epoll, "epoll_pwait");
		wait_with(signals[i], by_epoll2, "epoll_pwait2");
		wait_with(signals[i], by_select, "pselect6");
		if (has_aio)
			wait_with(signals[i], by_aio, "io_pgetevents");
	}
}
