// A signal that the program's only thread blocks and that is sent to the process waits for that thread: it comes when that unblocks it, and
// there. (A thread that a hook library had started took it, and jumped out of the handler into the program: jmp_handlers lost a jump.)
#include "probe.h"
#include <time.h>
static volatile int came, mine;
static void handler(int s, siginfo_t *i, void *u) { came++, mine += syscall(SYS_gettid) == getpid(); }
int main(void) {
	on(SIGUSR1, handler, 0);
	sigset_t s;
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	for (int i = 0; i < 5; i++) {
		sigprocmask(SIG_BLOCK, &s, NULL);
		kill(getpid(), SIGUSR1);
		struct timespec t = {0, 2000000};
		nanosleep(&t, NULL);
		say("blocked: %d came", came);
		sigprocmask(SIG_UNBLOCK, &s, NULL);
		say("unblocked: %d came, %d of them here", came, mine);
	}
	say_mask("mask");
}
