// The program may use every descriptor its limit allows, with any number.
#include "probe.h"
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
int main(void) {
	struct rlimit l;
	getrlimit(RLIMIT_NOFILE, &l);
	l.rlim_cur = 1024;
	setrlimit(RLIMIT_NOFILE, &l);
	int n = 0, last = 0, fd;
	while ((fd = open("/dev/null", O_RDONLY)) >= 0)
		n++, last = fd;
	say("opened %d last %d %s", n, last, strerrorname_np(errno));
	for (int i = 3; i <= last; i++)
		close(i);
	say_result(fcntl(1, F_DUPFD, 1000));
	say_result(fcntl(1, F_DUPFD, 1001));
	say_result(fcntl(1, F_DUPFD_CLOEXEC, 1023));
	say_result(fcntl(1, F_DUPFD, 1024));
	for (int i = 1000; i < 1024; i++)
		close(i);
	for (int i = 990; i < 1024; i++)
		if (fcntl(i, F_GETFD) >= 0 || close(i) == 0 || dup(i) >= 0 || lseek(i, 0, SEEK_CUR) != -1)
			say("descriptor %d is open", i);
	char b[1] = "x";
	for (int i = 990; i < 1024; i++)
		if (write(i, b, 1) == 1)
			say("could write to %d", i);
	struct stat st;
	for (int i = 990; i < 1024; i++)
		if (fstat(i, &st) == 0 || ftruncate(i, 0) == 0)
			say("could stat %d", i);
	struct pollfd p[34];
	for (int i = 0; i < 34; i++)
		p[i] = (struct pollfd){.fd = 990 + i, .events = POLLOUT};
	int nval = 0;
	poll(p, 34, 0);
	for (int i = 0; i < 34; i++)
		nval += p[i].revents == POLLNVAL;
	say("POLLNVAL %d", nval);
	say_result(dup2(1000, 5));
	say_result(dup2(1001, 5));
	say_result(syscall(SYS_dup3, 1000, 1000, 0));
}
