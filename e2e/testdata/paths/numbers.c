// One number is given to one file after the other that has no path, in all ways that there are, also by another thread, a child
// that shares descriptors, and one that was sent. After each the number is named often, and the kernel is asked what it is.
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { fd = 9 };

// look names the number, and has the kernel say what it is.
static void look(void)
{
	char b[100];
	struct stat st;
	for (int i = 0; i < 3; i++)
		fstat(fd, &st);
	if (readlink("/proc/self/fd/9", b, sizeof b) < 0)
		write(2, "no link\n", 8);
	for (int i = 0; i < 3; i++)
		fstat(fd, &st);
}

// make returns a new file of a kind.
static int make(int kind)
{
	int p[2];
	switch (kind % 5) {
	case 0:
	case 1:
		return socket(AF_UNIX, kind % 5 ? SOCK_DGRAM : SOCK_STREAM, 0);
	case 2:
		return epoll_create1(0);
	case 3:
		return eventfd(0, 0);
	}
	if (pipe(p))
		return -1;
	close(p[1]);
	return p[0];
}

// place has the file at number fd by way; it is what another thread or process does, too.
static int place(int way, int kind)
{
	int p[2], n = make(kind);
	char c = 0, control[CMSG_SPACE(sizeof(int))];
	struct iovec v = {&c, 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	switch (way) {
	case 0:
		return dup2(n, fd) == fd && close(n) == 0;
	case 1:
		return dup3(n, fd, O_CLOEXEC) == fd && close(n) == 0;
	case 2:
		close(fd);
		return fcntl(n, F_DUPFD, fd) == fd && close(n) == 0;
	case 3:
		return syscall(SYS_close_range, fd, fd, 0) == 0 && fcntl(n, F_DUPFD_CLOEXEC, fd) == fd && close(n) == 0;
	case 4: // the lowest number that is free
		close(n);
		for (int i = 3; i < fd; i++)
			if (dup2(0, i) != i)
				return 0;
		close(fd);
		n = make(kind);
		for (int i = 3; i < fd; i++)
			close(i);
		return n == fd || kind % 5 == 4;
	default: // by a message
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, p))
			return 0;
		struct cmsghdr *h = CMSG_FIRSTHDR(&m);
		h->cmsg_level = SOL_SOCKET, h->cmsg_type = SCM_RIGHTS, h->cmsg_len = CMSG_LEN(sizeof n);
		memcpy(CMSG_DATA(h), &n, sizeof n);
		sendmsg(p[0], &m, 0);
		close(n);
		for (int i = 3; i < fd; i++)
			if (i != p[0] && i != p[1] && dup2(0, i) != i)
				return 0;
		close(fd);
		recvmsg(p[1], &m, 0);
		memcpy(&n, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof n);
		for (int i = 3; i < fd; i++)
			close(i);
		return n == fd;
	}
}

static int way, kind;
static void *thread(void *p) { return place(way, kind) ? p : NULL; }
static int child(void *p) { return !place(way, kind); }

int main(void)
{
	static char stack[65536];
	for (int i = 3; i < 100; i++)
		close(i);
	for (int round = 0; round < 120; round++) { // in the second half with a child
		way = round / 10 % 6, kind = round % 10;
		pthread_t t;
		void *ok;
		int status;
		if (!place(way, kind))
			return 10 + way;
		look();
		if (pthread_create(&t, NULL, thread, &t) || pthread_join(t, &ok) || !ok)
			return 20 + way;
		look();
		if (round < 60)
			continue;
		pid_t pid = clone(child, stack + sizeof stack, CLONE_FILES | SIGCHLD, NULL);
		if (waitpid(pid, &status, 0) != pid || status)
			return 30 + way;
		look();
	}
	return 0;
}
