// Threads and children with a table of descriptors of their own (CLONE_FILES): what
// one closes or replaces is its own, and so are the numbers of ours that it moves. No
// line of the trace goes to the program's file, which is put on every number.
#include "probe.h"
#include <sys/prctl.h>

enum { lowest = 1000, highest = 2300 };
static int mine;

static void often(void) {
	for (int i = 0; i < 50; i++)
		getppid();
}

// size says what is in the program's file.
static void size(const char *what) {
	struct stat st;
	fstat(mine, &st);
	say("%s: %ld bytes", what, (long)st.st_size);
}

// sweep puts the program's file on all numbers where ours may be, one by one.
static int sweep(void) {
	int n = 0;
	for (int i = lowest; i < highest; i++)
		n += dup2(mine, i) == i;
	often();
	return n;
}

static int unsweep(void) {
	int n = 0;
	for (int i = lowest; i < highest; i++)
		n += close(i) == 0;
	return n;
}

static void child(void) {
	often();
	size("child of the thread");
	pid_t p = vfork();
	if (p == 0) {
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	say_child("true", p);
	say("closed %d", unsweep());
}

static atomic_int stage;

static void *inner(void *p) {
	often();
	say("closed by a thread that shares the table: %d", unsweep());
	return NULL;
}

static void *apart(void *p) {
	say_result(unshare(CLONE_FILES));
	say("taken %d", sweep());
	stage = 1;
	while (stage != 2)
		sched_yield();
	in_child("child", child);
	pthread_t t;
	pthread_create(&t, NULL, inner, NULL);
	pthread_join(t, NULL);
	size("thread");
	return NULL;
}

static void *by_range(void *p) {
	say_result(syscall(SYS_close_range, lowest, highest, 2 /* CLOSE_RANGE_UNSHARE */));
	say("taken %d", sweep());
	return NULL;
}

static int vmchild(void *p) {
	sweep();
	return 3;
}

int main(void) {
	struct rlimit l;
	getrlimit(RLIMIT_NOFILE, &l);
	l.rlim_cur = 4096;
	say_result(setrlimit(RLIMIT_NOFILE, &l));
	mine = open("mine", O_RDWR | O_CREAT | O_TRUNC, 0600);
	pthread_t t;
	pthread_create(&t, NULL, apart, NULL);
	while (stage != 1)
		sched_yield();
	often();
	say("open here: %d", unsweep());
	stage = 2;
	often();
	pthread_join(t, NULL);
	pthread_create(&t, NULL, by_range, NULL);
	pthread_join(t, NULL);
	often();
	pid_t p = vfork();
	if (p == 0) {
		sweep();
		_exit(2);
	}
	say_child("vfork", p);
	often();
	p = vfork();
	if (p == 0) {
		sweep();
		execl("/bin/echo", "echo", "of the vfork child", NULL);
		_exit(1);
	}
	say_child("vfork and exec", p);
	static char stack[65536];
	p = clone(vmchild, stack + sizeof stack, CLONE_VM | CLONE_SIGHAND | SIGCHLD, NULL);
	say_child("clone", p);
	often();
	size("end");
	say("own: taken %d", sweep());
	size("end");
	say("closed %d", unsweep());
	often();
}
