// A signalfd for the signals that are ours: SIGILL and SIGSYS are read from it, wake who
// waits for it in whichever call, and stay pending if nobody takes them.
#include "probe.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/signalfd.h>

static int fd, ep;
static pid_t self;

// send sends a signal once the main thread sleeps.
struct sending {
	int sig, thread, value;
};

static void until_asleep(pid_t tid) {
	char path[64], b[256], *q;
	snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
	for (;;) {
		int f = open(path, O_RDONLY), n = read(f, b, sizeof b - 1);
		close(f);
		b[n > 0 ? n : 0] = 0;
		if ((q = strrchr(b, ')')) && q[2] == 'S')
			return;
		sched_yield();
	}
}

static void *sender(void *p) {
	struct sending *s = p;
	until_asleep(self);
	if (s->thread)
		syscall(SYS_tgkill, self, self, s->sig);
	else if (s->value)
		sigqueue(self, s->sig, (union sigval){.sival_int = s->value});
	else
		kill(self, s->sig);
	return NULL;
}

static pthread_t later(int sig, int thread, int value) {
	static struct sending s;
	s = (struct sending){sig, thread, value};
	pthread_t t;
	pthread_create(&t, NULL, sender, &s);
	return t;
}

static void take(const char *what) {
	struct signalfd_siginfo si = {0};
	int n = read(fd, &si, sizeof si);
	say("%s: read %d, signal %u code %d value %d self %d", what, n, si.ssi_signo, si.ssi_code, si.ssi_int, si.ssi_pid == self);
}

static void handler(int sig) {
	for (int i = 0; i < 20; i++)
		getppid();
	say("handler %d", sig);
}

static atomic_int reads;

static void *reader(void *p) {
	for (; reads < 3; reads++)
		take("thread");
	return NULL;
}

int main(void) {
	self = getpid();
	sigset_t own = set_of(SIGILL, SIGSYS, 0), pend, none;
	sigemptyset(&none);
	sigprocmask(SIG_BLOCK, &own, NULL);
	fd = signalfd(-1, &own, 0);
	struct pollfd p = {fd, POLLIN, 0};
	struct epoll_event e = {EPOLLIN, {0}};
	ep = epoll_create1(0);
	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
	fd_set s;
	struct timespec now = {0};
	say("nothing: %d", poll(&p, 1, 0));

	raise(SIGILL);
	take("raised");
	kill(self, SIGSYS);
	say("poll %d", poll(&p, 1, -1));
	sigpending(&pend);
	say_set("pending", &pend);
	say("epoll %d", epoll_wait(ep, &e, 1, -1));
	take("killed");
	say("nothing: %d", epoll_wait(ep, &e, 1, 0));

	pthread_t t = later(SIGILL, 0, 0);
	take("while it reads");
	pthread_join(t, NULL);
	t = later(SIGSYS, 0, 7);
	say("poll %d", poll(&p, 1, -1));
	take("while it polls");
	pthread_join(t, NULL);
	t = later(SIGILL, 1, 0);
	say("epoll_wait %d", epoll_wait(ep, &e, 1, -1));
	take("while it waits");
	pthread_join(t, NULL);
	t = later(SIGILL, 0, 0);
	FD_ZERO(&s);
	FD_SET(fd, &s);
	say("select %d", select(fd + 1, &s, NULL, NULL, NULL));
	take("while it selects");
	pthread_join(t, NULL);
	t = later(SIGILL, 0, 0);
	say("ppoll %d", ppoll(&p, 1, NULL, &own));
	take("while it ppolls");
	pthread_join(t, NULL);
	t = later(SIGSYS, 0, 0);
	say("epoll_pwait %d", epoll_pwait(ep, &e, 1, -1, &own));
	take("while it epoll_pwaits");
	pthread_join(t, NULL);
	t = later(SIGSYS, 0, 0);
	say("pselect %d", pselect(fd + 1, &s, NULL, NULL, NULL, &own));
	take("while it pselects");
	pthread_join(t, NULL);

	// A handler that ends the call makes calls of its own.
	on(SIGUSR1, handler, 0);
	t = later(SIGUSR1, 1, 0);
	say_result(poll(&p, 1, -1));
	pthread_join(t, NULL);
	raise(SIGILL);
	on(SIGUSR2, handler, SA_RESTART);
	raise(SIGUSR2);
	take("behind handlers");

	// Nobody takes it from the descriptor.
	raise(SIGSYS);
	say("poll %d", poll(&p, 1, 0));
	siginfo_t info;
	say("sigtimedwait %d", sigtimedwait(&own, &info, &now));
	say("nothing: %d", poll(&p, 1, 0));
	on(SIGILL, handler, 0);
	raise(SIGILL);
	say("poll %d", poll(&p, 1, 0));
	sigprocmask(SIG_UNBLOCK, &own, NULL);
	say("nothing: %d", poll(&p, 1, 0));
	raise(SIGILL);

	// Sent to the process; the first thread holds it, another one reads.
	sigprocmask(SIG_BLOCK, &own, NULL);
	kill(self, SIGILL);
	pthread_create(&t, NULL, reader, NULL);
	while (reads < 1)
		sched_yield();
	kill(self, SIGSYS);
	while (reads < 2)
		poll(&p, 1, 0);
	kill(self, SIGILL);
	pthread_join(t, NULL);
	raise(SIGILL);
	pid_t k = fork();
	if (k == 0) {
		say("child, nothing: %d", poll(&p, 1, 0));
		raise(SIGSYS);
		self = getpid();
		take("child");
		_exit(0);
	}
	say_child("child", k);
	take("parent");
}
