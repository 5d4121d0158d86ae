// Signals in and around a vfork child: to the parent while it waits, a handler
// in the child, a child that is killed, a child that vforks.
#include "probe.h"
static volatile int hits;
static void h(int s, siginfo_t *i, void *u) { hits++; getppid(); }
int main(void) {
	on(SIGUSR1, h, SA_RESTART);
	on(SIGILL, h, 0);
	pid_t me = getpid(), p = vfork();
	if (!p) {
		kill(me, SIGUSR1); // the parent takes it when it goes on
		kill(getpid(), SIGUSR1);
		kill(getpid(), SIGILL);
		_exit(hits);
	}
	say_child("child's hits", p);
	say("hits %d", hits);
	p = vfork();
	if (!p) {
		kill(getpid(), SIGKILL);
		_exit(1);
	}
	say_child("killed", p);
	p = vfork();
	if (!p) {
		pid_t q = vfork();
		if (!q)
			_exit(3);
		int st;
		waitpid(q, &st, 0);
		_exit(WEXITSTATUS(st) + 1);
	}
	say_child("nested", p);
	p = vfork();
	if (!p) {
		signal(SIGILL, SIG_DFL); // the child's only
		execl("/bin/sh", "sh", "-c", "kill -ILL $$; echo survived", NULL);
		_exit(1);
	}
	say_child("default in the child", p);
	raise(SIGILL);
	say("hits %d", hits);
	for (int i = 0; i < 100; i++) { // children that never tell how they ended
		p = vfork();
		if (!p)
			kill(getpid(), SIGKILL);
		waitpid(p, NULL, 0);
	}
	raise(SIGILL);
	say("hits %d", hits);
}
