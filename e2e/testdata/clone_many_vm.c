// Hundreds of children that share memory, each with its own dispositions.
//e2e:not-musl its raise() signals the parent from a child that shares memory: natively, too, the wait is interrupted in some runs
#include "probe.h"
static char stack[16384] __attribute__((aligned(64)));
static int child(void *p) { signal(SIGILL, (long)p & 1 ? SIG_IGN : SIG_DFL); return (long)p & 127; }
static int dies(void *p) { for (;;) kill(getpid(), SIGKILL); }
static void h(int s, siginfo_t *i, void *u) { say("handler"); }
int main(void) {
	int good = 0, st;
	on(SIGILL, h, 0);
	for (long i = 0; i < 300; i++) {
		pid_t p = clone(i % 3 ? child : dies, stack + sizeof stack, CLONE_VM | SIGCHLD, (void *)i);
		if (p > 0 && waitpid(p, &st, 0) == p)
			good += i % 3 ? WIFEXITED(st) && WEXITSTATUS(st) == (i & 127) : WIFSIGNALED(st);
	}
	say("good %d", good);
	raise(SIGILL);
	pid_t p = clone((int (*)(void *))raise, stack + sizeof stack, CLONE_VM | SIGCHLD, (void *)SIGILL);
	say_child("handler in the child", p);
}
