// Each thread waits in one kind of call, some of which the kernel makes again after an interruption and some of which it does not. The
// results are to be those of a run in which nothing happened.
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../probe.h"

enum { SECONDS = 3, KINDS = 14 };
static int pipes[KINDS][2];
static atomic_int word;
static const char *name[KINDS] = { "read", "poll", "select", "epoll_wait", "epoll_timeout", "nanosleep", "futex",
	"futex_timeout", "ppoll", "sigtimedwait", "recv_timeout", "semtimedop", "wait4", "accept" };
static int result[KINDS], err[KINDS];
static int child, listener, sem;
static atomic_int tids[KINDS];

static void *wait_in(void *arg) {
	int k = (long)arg, fd = pipes[k][0];
	tids[k] = gettid();
	char c;
	struct pollfd p = { fd, POLLIN, 0 };
	struct timespec t = { SECONDS, 0 };
	sigset_t all, chld;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, 0);
	int r = -1;
	errno = 0;
	switch (k) {
	case 0: r = read(fd, &c, 1); break;
	case 1: r = poll(&p, 1, -1); break;
	case 2: { fd_set s; FD_ZERO(&s); FD_SET(fd, &s); r = select(fd + 1, &s, 0, 0, 0); break; }
	case 3: case 4: {
		int e = epoll_create1(0);
		struct epoll_event ev = { EPOLLIN, { 0 } };
		epoll_ctl(e, EPOLL_CTL_ADD, fd, &ev);
		r = epoll_wait(e, &ev, 1, k == 3 ? -1 : SECONDS * 1000);
		break;
	}
	case 5: r = nanosleep(&t, 0); break;
	case 6: while (atomic_load(&word) == 0) { r = syscall(SYS_futex, &word, FUTEX_WAIT, 0, 0, 0, 0); if (r < 0) break; } break;
	case 7: { static int never; r = syscall(SYS_futex, &never, FUTEX_WAIT, 0, &t, 0, 0); break; }
	case 8: r = ppoll(&p, 1, 0, &all); break;
	case 9: sigemptyset(&chld); sigaddset(&chld, SIGUSR2); r = sigtimedwait(&chld, 0, &t); break;
	case 10: {
		int s[2];
		socketpair(AF_UNIX, SOCK_STREAM, 0, s);
		struct timeval tv = { SECONDS, 0 };
		setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
		r = recv(s[0], &c, 1, 0);
		break;
	}
	case 11: { struct sembuf b = { 0, -1, 0 }; r = semtimedop(sem, &b, 1, &t); break; }
	case 12: { int st; r = waitpid(child, &st, 0) == child ? 1 : -1; break; }
	case 13: r = accept(listener, 0, 0) >= 0; break;
	}
	result[k] = r;
	err[k] = r < 0 ? errno : 0;
	return 0;
}
int main(void) {
	setvbuf(stdout, 0, _IOLBF, 0);
	pthread_t t[KINDS];
	sem = semget(IPC_PRIVATE, 1, 0600);
	for (int i = 0; i < KINDS; i++)
		pipe(pipes[i]);
	int go[2]; pipe(go);
	if (!(child = fork())) { char c; close(go[1]); read(go[0], &c, 1); _exit(0); }
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr sa = { AF_UNIX };
	bind(listener, &sa, sizeof(sa_family_t));
	listen(listener, 1);
	for (long i = 0; i < KINDS; i++) pthread_create(&t[i], 0, wait_in, (void *)i);
	for (int i = 0; i < KINDS; i++) {
		while (!tids[i])
			sleep_ms(1);
		until_waits(tids[i]);
	}
	puts("ready");
	char c;
	read(0, &c, 1);
	for (int i = 0; i < KINDS; i++)
		if (i != 4) // it has a timeout
			write(pipes[i][1], "x", 1);
	atomic_store(&word, 1);
	syscall(SYS_futex, &word, FUTEX_WAKE, 9, 0, 0, 0);
	close(go[1]);
	int s = socket(AF_UNIX, SOCK_STREAM, 0);
	socklen_t n = sizeof sa + 100; char buf[200];
	getsockname(listener, (struct sockaddr *)buf, &n);
	connect(s, (struct sockaddr *)buf, n);
	for (int i = 0; i < KINDS; i++) {
		pthread_join(t[i], 0);
		printf("%s %d %s\n", name[i], result[i], err[i] ? strerrorname_np(err[i]) : "-");
	}
	semctl(sem, 0, IPC_RMID);
	return 0;
}
