// A child with a copy of the memory and one page of stack, with nothing below it.
#include "probe.h"
static int child(void *p) {
	getppid();
	write(1, "child\n", 6);
	int *n = p;
	return *n + (getpid() == getppid());
}
static void start(const char *what, int flags, int pages) {
	long page = sysconf(_SC_PAGESIZE);
	char *m = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int n = 7;
	mprotect(m + page, pages * page, PROT_READ | PROT_WRITE);
	for (int i = 0; i < 3; i++)
		say_child(what, clone(child, m + (pages + 1) * page, flags, &n));
	munmap(m, (pages + 2) * page);
}
int main(void) {
	start("one page", SIGCHLD, 1);
	start("four pages", SIGCHLD, 4);
	start("files shared", CLONE_FILES | CLONE_FS | SIGCHLD, 1);
	pid_t p = fork();
	if (!p) {
		start("in a child", SIGCHLD, 1);
		_exit(0);
	}
	say_child("fork", p);
}
