// A child with one page of stack that is signalled at once: before it has run, or
// in its first call.
#include "probe.h"
static int waits(void *p) { for (;;) pause(); }
// The signal is there before the child has run.
static void signalled(void) {
	long page = sysconf(_SC_PAGESIZE);
	char *m = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(m + page, page, PROT_READ | PROT_WRITE);
	int by[65] = {0}, st;
	for (int i = 0; i < 50; i++) {
		pid_t p = clone(waits, m + 2 * page, SIGCHLD, NULL);
		kill(p, SIGUSR1);
		waitpid(p, &st, 0);
		by[WIFSIGNALED(st) ? WTERMSIG(st) : 0]++;
	}
	say("%d by SIGUSR1", by[SIGUSR1]);
}
int main(void) {
	signalled();
}
