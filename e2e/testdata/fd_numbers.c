// Where our descriptors are the program has none: every call that takes one says so.
#include "probe.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <linux/fs.h>

enum { lowest = 900, highest = 2300 };

#define ALL(what, call)                                                         \
	do {                                                                    \
		int good_ = 0, other_ = 0;                                      \
		for (int fd = lowest; fd < highest; fd++) {                     \
			errno = 0;                                              \
			if ((long)(call) != -1)                                 \
				good_++;                                        \
			else if (errno != EBADF)                                \
				other_++;                                       \
		}                                                               \
		say("%s: %d succeed, %d fail otherwise", what, good_, other_);  \
	} while (0)

static int file, ep;

static long polled(int fd) {
	struct pollfd p = {fd, POLLIN | POLLOUT, 0};
	if (poll(&p, 1, 0) == 1 && p.revents == POLLNVAL)
		return errno = EBADF, -1;
	return 0;
}

static long ppolled(int fd) {
	struct pollfd p = {fd, 0, 0};
	struct timespec t = {0};
	sigset_t m;
	sigemptyset(&m);
	if (ppoll(&p, 1, &t, &m) == 1 && p.revents == POLLNVAL)
		return errno = EBADF, -1;
	return 0;
}

static long mapped(int fd) {
	void *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	return p == MAP_FAILED ? -1 : munmap(p, 4096);
}

int main(void) {
	char b[4096];
	struct stat st;
	struct statfs sf;
	struct epoll_event e = {EPOLLIN, {0}};
	struct timespec t = {0};
	siginfo_t si;
	int p[2];
	pipe2(p, O_NONBLOCK);
	file = open("file", O_RDWR | O_CREAT, 0600);
	ep = epoll_create1(0);
	ALL("fcntl", fcntl(fd, F_GETFD));
	ALL("fstat", syscall(SYS_fstat, fd, &st));
	ALL("fstatat", fstatat(fd, "", &st, AT_EMPTY_PATH));
	ALL("fstatfs", fstatfs(fd, &sf));
	ALL("fsync", fsync(fd));
	ALL("fchmod", fchmod(fd, 0600));
	ALL("ftruncate", ftruncate(fd, 0));
	ALL("fgetxattr", fgetxattr(fd, "user.x", b, 1));
	ALL("flistxattr", flistxattr(fd, b, 1));
	ALL("posix_fadvise", syscall(SYS_fadvise64, fd, 0, 0, 0));
	ALL("readahead", readahead(fd, 0, 1));
	ALL("futimens", syscall(SYS_utimensat, fd, NULL, NULL, 0));
	ALL("openat", openat(fd, "x", O_RDONLY));
	ALL("openat, absolute", close(openat(fd, "/etc/passwd", O_RDONLY)));
	ALL("fstatat, absolute", fstatat(fd, "/etc", &st, 0));
	ALL("renameat", renameat(AT_FDCWD, "nothing", fd, "x"));
	ALL("linkat", linkat(fd, "", AT_FDCWD, "link", AT_EMPTY_PATH));
	ALL("symlinkat", symlinkat("x", fd, "y"));
	ALL("sendfile", sendfile(p[1], fd, NULL, 1));
	ALL("splice", splice(fd, NULL, p[1], NULL, 1, SPLICE_F_NONBLOCK));
	ALL("splice out", splice(p[0], NULL, fd, NULL, 1, SPLICE_F_NONBLOCK));
	ALL("tee", tee(p[0], fd, 1, SPLICE_F_NONBLOCK));
	ALL("copy_file_range", copy_file_range(file, NULL, fd, NULL, 1, 0));
	ALL("FICLONE", ioctl(file, FICLONE, fd) == -1 && errno == EOPNOTSUPP ? (errno = EBADF, -1) : -1);
	ALL("mmap", mapped(fd));
	ALL("execveat", syscall(SYS_execveat, fd, "", NULL, NULL, AT_EMPTY_PATH));
	ALL("dup", dup(fd));
	ALL("getsockopt", getsockopt(fd, SOL_SOCKET, SO_TYPE, b, &(socklen_t){4}));
	ALL("epoll_ctl", epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
	ALL("epoll_wait", epoll_wait(fd, &e, 1, 0));
	ALL("timerfd_settime", syscall(SYS_timerfd_settime, fd, 0, &(struct itimerspec){t, t}, NULL));
	ALL("waitid", waitid(3 /* P_PIDFD */, fd, &si, WEXITED | WNOHANG));
	ALL("poll", polled(fd));
	ALL("ppoll", ppolled(fd));
	int me = syscall(SYS_pidfd_open, getpid(), 0);
	ALL("pidfd_getfd", syscall(SYS_pidfd_getfd, me, fd, 0));
	ALL("setns", syscall(SYS_setns, fd, 0));
	int n = 0;
	int d = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
	for (int k; (k = syscall(SYS_getdents, d, b, sizeof b)) > 0;)
		for (int i = 0; i < k; i += *(unsigned short *)(b + i + 16))
			n += b[i + 18] != '.';
	say("getdents: %d", n);
}
