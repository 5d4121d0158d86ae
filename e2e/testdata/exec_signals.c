//e2e:prog show lib/show.c
//e2e:args $BIN/show
//e2e:exes show
// Ignored and blocked SIGILL cross exec; handled ones become default; pending
// signals survive.
#include "probe.h"
static void h(int s, siginfo_t *i, void *u) { say("handler"); }
int main(int argc, char **argv) {
	for (int i = 0; i < 6; i++) {
		pid_t p = fork();
		if (!p) {
			sigset_t ill = set_of(SIGILL, SIGUSR1, 0);
			if (i == 0)
				signal(SIGILL, SIG_IGN);
			if (i == 1)
				on(SIGILL, h, 0);
			if (i >= 2)
				sigprocmask(SIG_BLOCK, &ill, NULL);
			if (i == 3)
				kill(getpid(), SIGUSR1);
			if (i == 4)
				execl("/bin/sh", "sh", "-c", "\"$0\" x; kill -ILL $$; echo still here", argv[1], NULL);
			if (i == 5)
				execl("/nonexistent", "x", NULL);
			if (i == 5)
				say_mask("after a failed exec");
			execl(argv[1], "show", NULL);
		}
		say_child("child", p);
	}
	pid_t p = fork();
	if (!p) {
		signal(SIGILL, SIG_IGN);
		execl("/nonexistent", "x", NULL);
		raise(SIGILL);
		say("still ignored");
		execl("/bin/sh", "sh", "-c", "kill -ILL $$; echo ignored in sh; trap - ILL; kill -ILL $$; echo still", NULL);
	}
	say_child("ignored", p);
}
