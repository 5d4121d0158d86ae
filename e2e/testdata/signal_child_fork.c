// Children that end at once: SIGCHLD comes as the parent's fork returns, and its handler makes calls. Each of them is told of, and the
// parent goes on where it was.
#include "probe.h"
static volatile sig_atomic_t handled;
static void on_child(int s) {
	int saved = errno;
	handled += getppid() > 0 && read(-1, NULL, 0) < 0;
	errno = saved;
}
int main(void) {
	struct sigaction a = {.sa_handler = on_child, .sa_flags = SA_RESTART};
	sigaction(SIGCHLD, &a, NULL);
	int right = 0;
	for (int i = 0; i < 400; i++) {
		int before = handled, st = 0;
		pid_t p = i % 2 ? fork() : (pid_t)raw6(SYS_fork, 0, 0, 0, 0, 0, 0);
		if (p == 0)
			raw6(SYS_exit_group, 7, 0, 0, 0, 0, 0);
		for (volatile int spin = 0; spin < i * 50; spin++)
			;
		right += waitpid(p, &st, 0) == p && WEXITSTATUS(st) == 7 && handled > before;
	}
	say("children %d, handlers %d", right, handled);
}
