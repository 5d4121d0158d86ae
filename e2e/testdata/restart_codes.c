// Every call that a signal can end, ended by a handler: of SIGUSR1 with SA_RESTART, of
// SIGUSR2 without. A second process sends them when the first one sleeps in the call.
// TestRestartCodes compares the trace with strace's.
#include "probe.h"
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <linux/openat2.h>
#include <mqueue.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>

static struct shared {
	atomic_int round; // the helper has a call to interrupt
	atomic_int done, ended;
	atomic_int handled;
} *sh;

static void handler(int sig) {
	(void)sig;
	sh->handled++;
}

// asleep says whether process p sleeps in call nr.
static int asleep(pid_t p, int nr) {
	char path[64], b[256], *q;
	int state = 0, n, in = -1;
	snprintf(path, sizeof path, "/proc/%d/stat", p);
	int fd = open(path, O_RDONLY);
	if ((n = read(fd, b, sizeof b - 1)) > 0) {
		b[n] = 0;
		state = (q = strrchr(b, ')')) ? q[2] : 0;
	}
	close(fd);
	snprintf(path, sizeof path, "/proc/%d/syscall", p);
	fd = open(path, O_RDONLY);
	if ((n = read(fd, b, sizeof b - 1)) > 0) {
		b[n] = 0;
		in = sscanf(b, "%d", &in) == 1 ? in : -1;
	}
	close(fd);
	return state == 'S' && (in == nr || in == SYS_restart_syscall);
}

static void interrupt(pid_t p, int nr, int sig, int round) {
	int before = sh->handled;
	while (sh->done < round && !asleep(p, nr))
		usleep(500);
	if (sh->done >= round)
		return;
	kill(p, sig);
	while (sh->handled == before)
		usleep(200);
}

static atomic_int *numbers;

static void helper(pid_t p) {
	for (int round = 1;; round++) {
		while (sh->round < round)
			if (sh->ended)
				_exit(0);
			else
				usleep(200);
		interrupt(p, *numbers, SIGUSR1, round);
		while (sh->done < round)
			interrupt(p, *numbers, SIGUSR2, round);
	}
}

#define TRY(nr, call)                                                           \
	do {                                                                    \
		*numbers = nr;                                                  \
		sh->round++;                                                    \
		errno = 0;                                                      \
		long r_ = (long)(call);                                         \
		int e_ = errno;                                                 \
		sh->done++;                                                     \
		say("%s = %ld %s", #call, r_, r_ == -1 ? strerrorname_np(e_) : ""); \
	} while (0)

static void filled(int fd) {
	static char b[4096];
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	while (write(fd, b, sizeof b) > 0)
		;
	while (write(fd, b, 1) > 0)
		;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
}

int main(void) {
	char b[4096] = "", *data = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sh = (void *)data;
	numbers = (void *)(data + 4096);
	struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART};
	sigaction(SIGUSR1, &a, NULL);
	a.sa_flags = 0;
	sigaction(SIGUSR2, &a, NULL);
	pid_t me = getpid(), h = fork();
	if (h == 0)
		helper(me);
	struct iovec v = {b, 16};
	struct timespec t = {600, 0};
	int p[2], full[2], s[2];
	pipe(p);
	pipe(full);
	filled(full[1]);
	TRY(SYS_read, syscall(SYS_read, p[0], b, 16));
	TRY(SYS_readv, syscall(SYS_readv, p[0], &v, 1));
	TRY(SYS_write, syscall(SYS_write, full[1], b, 16));
	TRY(SYS_writev, syscall(SYS_writev, full[1], &v, 1));
	TRY(SYS_tee, syscall(SYS_tee, p[0], full[1], 16, 0));
	TRY(SYS_splice, syscall(SYS_splice, p[0], NULL, full[1], NULL, 16, 0));
	TRY(SYS_vmsplice, syscall(SYS_vmsplice, full[1], &v, 1, 0));
	int file = open("file", O_RDWR | O_CREAT, 0600);
	write(file, b, sizeof b);
	lseek(file, 0, SEEK_SET);
	TRY(SYS_sendfile, syscall(SYS_sendfile, full[1], file, NULL, 16));
	mkfifo("fifo", 0600);
	TRY(SYS_open, syscall(SYS_open, "fifo", O_RDONLY));
	TRY(SYS_openat, syscall(SYS_openat, AT_FDCWD, "fifo", O_WRONLY));
	TRY(SYS_creat, syscall(SYS_creat, "fifo", 0600));
	struct open_how how = {.flags = O_RDONLY};
	TRY(SYS_openat2, syscall(SYS_openat2, AT_FDCWD, "fifo", &how, sizeof how));
	sigset_t usr = set_of(SIGHUP, 0);
	sigprocmask(SIG_BLOCK, &usr, NULL);
	int event = eventfd(0, 0), timer = timerfd_create(CLOCK_MONOTONIC, 0), sfd = signalfd(-1, &usr, 0), notify = inotify_init();
	TRY(SYS_read, syscall(SYS_read, event, b, 8));
	TRY(SYS_read, syscall(SYS_read, timer, b, 8));
	TRY(SYS_read, syscall(SYS_read, sfd, b, 128));
	TRY(SYS_read, syscall(SYS_read, notify, b, 128));
	int pt = posix_openpt(O_RDWR | O_NOCTTY);
	TRY(SYS_read, syscall(SYS_read, pt, b, 16));

	socketpair(AF_UNIX, SOCK_STREAM, 0, s);
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
	struct mmsghdr mm = {.msg_hdr = m};
	TRY(SYS_recvfrom, syscall(SYS_recvfrom, s[0], b, 16, 0, NULL, NULL));
	TRY(SYS_recvmsg, syscall(SYS_recvmsg, s[0], &m, 0));
	TRY(SYS_recvmmsg, syscall(SYS_recvmmsg, s[0], &mm, 1, 0, NULL));
	TRY(SYS_read, syscall(SYS_read, s[0], b, 16));
	filled(s[1]);
	TRY(SYS_sendto, syscall(SYS_sendto, s[1], b, 16, 0, NULL, 0));
	TRY(SYS_sendmsg, syscall(SYS_sendmsg, s[1], &m, 0));
	TRY(SYS_sendmmsg, syscall(SYS_sendmmsg, s[1], &mm, 1, 0));
	struct timeval tv = {600, 0};
	int q[2];
	socketpair(AF_UNIX, SOCK_STREAM, 0, q);
	setsockopt(q[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	setsockopt(s[1], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
	TRY(SYS_recvfrom, syscall(SYS_recvfrom, q[0], b, 16, 0, NULL, NULL));
	TRY(SYS_read, syscall(SYS_read, q[0], b, 16));
	TRY(SYS_sendto, syscall(SYS_sendto, s[1], b, 16, 0, NULL, 0));
	TRY(SYS_write, syscall(SYS_write, s[1], b, 16));
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "sock"};
	int l = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(l, (void *)&un, sizeof un);
	listen(l, 0);
	TRY(SYS_accept, syscall(SYS_accept, l, NULL, NULL));
	TRY(SYS_accept4, syscall(SYS_accept4, l, NULL, NULL, 0));
	int c1 = socket(AF_UNIX, SOCK_STREAM, 0), c2 = socket(AF_UNIX, SOCK_STREAM, 0);
	connect(c1, (void *)&un, sizeof un);
	TRY(SYS_connect, syscall(SYS_connect, c2, &un, sizeof un));

	pid_t k = fork();
	if (k == 0) {
		signal(SIGUSR1, SIG_DFL);
		pause();
	}
	TRY(SYS_wait4, syscall(SYS_wait4, k, NULL, 0, NULL));
	TRY(SYS_waitid, syscall(SYS_waitid, P_PID, k, NULL, WEXITED, NULL));
	kill(k, SIGKILL);
	waitpid(k, NULL, 0);
	int other = open("file", O_RDWR);
	flock(file, LOCK_EX);
	TRY(SYS_flock, syscall(SYS_flock, other, LOCK_EX));
	struct flock lk = {.l_type = F_WRLCK};
	fcntl(file, F_OFD_SETLK, &lk);
	TRY(SYS_fcntl, syscall(SYS_fcntl, other, F_OFD_SETLKW, &lk));
	TRY(SYS_fcntl, syscall(SYS_fcntl, other, F_SETLKW, &lk));

	int mq = msgget(IPC_PRIVATE, 0600), sem = semget(IPC_PRIVATE, 1, 0600);
	struct msqid_ds ds;
	struct {
		long type;
		char text[64];
	} msg = {1, ""};
	struct sembuf op = {0, -1, 0};
	TRY(SYS_msgrcv, syscall(SYS_msgrcv, mq, &msg, 64, 0, 0));
	msgctl(mq, IPC_STAT, &ds);
	ds.msg_qbytes = 64;
	msgctl(mq, IPC_SET, &ds);
	msgsnd(mq, &msg, 64, 0);
	TRY(SYS_msgsnd, syscall(SYS_msgsnd, mq, &msg, 64, 0));
	TRY(SYS_semop, syscall(SYS_semop, sem, &op, 1));
	TRY(SYS_semtimedop, syscall(SYS_semtimedop, sem, &op, 1, &t));
	msgctl(mq, IPC_RMID, NULL);
	semctl(sem, 0, IPC_RMID);
	struct mq_attr at = {.mq_maxmsg = 1, .mq_msgsize = 8};
	char queue[40];
	snprintf(queue, sizeof queue, "/systrap-restart-%d", getpid());
	mq_unlink(queue);
	mqd_t md = mq_open(queue, O_RDWR | O_CREAT, 0600, &at);
	struct timespec never = {4000000000, 0};
	if (md >= 0) {
		TRY(SYS_mq_timedreceive, syscall(SYS_mq_timedreceive, md, b, 8, NULL, NULL));
		TRY(SYS_mq_timedreceive, syscall(SYS_mq_timedreceive, md, b, 8, NULL, &never));
		mq_send(md, b, 8, 0);
		TRY(SYS_mq_timedsend, syscall(SYS_mq_timedsend, md, b, 8, 0, NULL));
		TRY(SYS_mq_timedsend, syscall(SYS_mq_timedsend, md, b, 8, 0, &never));
		mq_unlink(queue);
	}

	struct pollfd pf = {p[0], POLLIN, 0};
	fd_set fds;
	FD_ZERO(&fds);
	FD_SET(p[0], &fds);
	int ep = epoll_create1(0);
	struct epoll_event ev = {EPOLLIN, {0}};
	epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev);
	TRY(SYS_poll, syscall(SYS_poll, &pf, 1, -1));
	TRY(SYS_poll, syscall(SYS_poll, &pf, 1, 600000));
	TRY(SYS_ppoll, syscall(SYS_ppoll, &pf, 1, NULL, NULL, 8));
	TRY(SYS_select, syscall(SYS_select, p[0] + 1, &fds, NULL, NULL, NULL));
	TRY(SYS_pselect6, syscall(SYS_pselect6, p[0] + 1, &fds, NULL, NULL, NULL, NULL));
	TRY(SYS_epoll_wait, syscall(SYS_epoll_wait, ep, &ev, 1, -1));
	TRY(SYS_epoll_pwait, syscall(SYS_epoll_pwait, ep, &ev, 1, -1, NULL, 8));
	TRY(SYS_epoll_pwait2, syscall(SYS_epoll_pwait2, ep, &ev, 1, NULL, NULL, 8));
	aio_context_t aio = 0;
	struct io_event ie;
	if (syscall(SYS_io_setup, 1, &aio) == 0) {
		TRY(SYS_io_getevents, syscall(SYS_io_getevents, aio, 1, 1, &ie, NULL));
		TRY(SYS_io_pgetevents, syscall(SYS_io_pgetevents, aio, 1, 1, &ie, NULL, NULL));
	}

	TRY(SYS_nanosleep, syscall(SYS_nanosleep, &t, NULL));
	TRY(SYS_clock_nanosleep, syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &t, NULL));
	TRY(SYS_clock_nanosleep, syscall(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, &never, NULL));
	atomic_int *word = (void *)(data + 64);
	TRY(SYS_futex, syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL));
	TRY(SYS_futex, syscall(SYS_futex, word, FUTEX_WAIT, 0, &t));
	TRY(SYS_futex, syscall(SYS_futex, word, FUTEX_WAIT_BITSET, 0, NULL, NULL, -1));
	TRY(SYS_futex, syscall(SYS_futex, word, FUTEX_WAIT_BITSET, 0, &never, NULL, -1));
	struct futex_waitv wv = {.uaddr = (uintptr_t)word, .flags = FUTEX_32};
	TRY(SYS_futex_waitv, syscall(SYS_futex_waitv, &wv, 1, 0, NULL, 0));
	TRY(SYS_pause, syscall(SYS_pause));
	sigset_t none = set_of(SIGHUP, 0);
	TRY(SYS_rt_sigsuspend, syscall(SYS_rt_sigsuspend, &none, 8));
	TRY(SYS_rt_sigtimedwait, syscall(SYS_rt_sigtimedwait, &none, NULL, NULL, 8));
	sh->ended = 1;
	say_child("helper", h);
}
