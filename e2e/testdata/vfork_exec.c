// vfork: the child borrows the parent's stack; exec, _exit, failed exec.
//e2e:again SYSTRAP_DISCOVER=only
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
static void h(int s, siginfo_t *i, void *u) { say("parent's handler"); }
int main(void) {
	volatile int x = 1;
	on(SIGILL, h, 0);
	for (int i = 0; i < 20; i++) {
		pid_t p = vfork();
		if (p == 0) {
			x++;
			_exit(i);
		}
		say_child("exit", p);
	}
	say("x %d", x);
	pid_t p = vfork();
	if (!p) {
		execl("/nonexistent", "x", NULL);
		x = errno;
		execl("/bin/echo", "echo", "from the child", NULL);
		_exit(9);
	}
	say_child("exec", p);
	say("errno in child %d", x);
	p = vfork();
	if (!p) {
		signal(SIGILL, SIG_DFL);
		signal(SIGUSR1, SIG_IGN);
		sigset_t s = set_of(SIGILL, SIGTERM, 0);
		sigprocmask(SIG_BLOCK, &s, NULL);
		execl("/bin/sh", "sh", "-c", "grep -E 'SigBlk|SigIgn' /proc/self/status; kill -s ILL $$; echo blocked", NULL);
		_exit(9);
	}
	say_child("signals", p);
	raise(SIGILL);
	say_mask("parent");
}
