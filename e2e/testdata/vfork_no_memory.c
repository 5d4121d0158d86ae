// A vfork child where no memory is left for what the library keeps of it (RLIMIT_DATA): it had its parent's, and what the
// parent blocks of SIGILL and SIGSYS, and what was pending there, was lost.
//e2e:again SYSTRAP_DOOR=jump
//e2e:own silent: .*its memory is limited too much for the library \(RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK\), runs untraced
#include "probe.h"
#include <sys/resource.h>
static void h(int s, siginfo_t *i, void *u) { say("handler %d code %d", s, i->si_code); }
int main(void) {
	on(SIGILL, h, 0);
	on(SIGSYS, h, 0);
	sigset_t both = set_of(SIGILL, SIGSYS, 0), all, now;
	sigprocmask(SIG_BLOCK, &both, NULL);
	raise(SIGSYS);
	struct rlimit little = {1000 << 10, RLIM_INFINITY};
	setrlimit(RLIMIT_DATA, &little);
	for (int i = 0; i < 3; i++) {
		pid_t p = vfork();
		if (!p) {
			sigfillset(&all);
			sigprocmask(SIG_SETMASK, i == 1 ? &all : &both, NULL);
			sigprocmask(SIG_UNBLOCK, &both, NULL);
			execl(i == 2 ? "/nonexistent" : "/bin/true", "x", NULL);
			_exit(i);
		}
		say_child("child", p);
		sigprocmask(SIG_BLOCK, NULL, &now);
		sigpending(&all);
		say("blocked %d %d pending %d %d", sigismember(&now, SIGILL), sigismember(&now, SIGSYS), sigismember(&all, SIGILL), sigismember(&all, SIGSYS));
	}
	sigprocmask(SIG_UNBLOCK, &both, NULL);
	say_mask("end");
}
