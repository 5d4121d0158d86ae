// A program that has been executed has no child: the process that had put the library into it stayed one, a zombie, until the program
// waited for children of its own, or ended. ps showed it, and it counted (RLIMIT_NPROC).
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
static int some(void) {
	char path[64], text[256] = "";
	snprintf(path, sizeof path, "/proc/self/task/%ld/children", syscall(SYS_gettid));
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	close(fd);
	return n > 0;
}
static void children(const char *when) { say("%s: children %s", when, some() ? "some" : "none"); }
int main(int argc, char **argv) {
	if (argc > 1) {
		for (int i = 0; i < 150 && some(); i++) // it may not have ended yet
			usleep(20000);
		children(argv[1]);
		return 0;
	}
	children("first");
	pid_t p = fork();
	if (!p) {
		execl(argv[0], argv[0], "forked", NULL);
		_exit(1);
	}
	say_child("forked", p);
	p = vfork();
	if (!p) {
		execl(argv[0], argv[0], "vforked", NULL);
		_exit(1);
	}
	say_child("vforked", p);
	execl(argv[0], argv[0], "itself", NULL);
	return 1;
}
