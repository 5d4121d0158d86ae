// fork in a handler, atfork handlers, many children at once, orphans.
#include "probe.h"
#include <sys/prctl.h>
static void before(void) { say("prepare"); }
static void parent(void) { say("parent"); }
static void h(int s, siginfo_t *i, void *u) {
	pid_t p = fork();
	if (!p)
		_exit(s);
	say_child("from handler", p);
}
int main(void) {
	pthread_atfork(before, parent, NULL);
	on(SIGUSR1, h, 0);
	on(SIGILL, h, 0);
	raise(SIGUSR1);
	raise(SIGILL);
	pid_t kids[60];
	int sum = 0;
	for (int i = 0; i < 60; i++)
		if ((kids[i] = raw6(SYS_fork, 0, 0, 0, 0, 0, 0)) == 0)
			_exit(i);
	for (int i = 0; i < 60; i++) {
		int st;
		waitpid(kids[i], &st, 0);
		sum += WEXITSTATUS(st);
	}
	say("sum %d", sum);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid_t p = syscall(SYS_fork);
	if (!p) {
		if (syscall(SYS_fork) == 0) {
			sleep_ms(20);
			_exit(33);
		}
		_exit(1);
	}
	say_child("child", p);
	int st;
	say("orphan %d", wait(&st) > 0 && WEXITSTATUS(st) == 33);
}
