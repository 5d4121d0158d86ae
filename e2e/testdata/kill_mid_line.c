// Processes that are killed while they make calls with long arguments, behind a filter that leaves a trace nothing but
// write(2): a line that the kernel cut at the end of a page of the trace's file had another process's line behind it.
#include "filters.h"
enum { rounds = 60 };
static char path[700];
static void busy(int ready) {
	static const int few[] = {SYS_write, SYS_access, SYS_exit_group, SYS_rt_sigreturn, -1};
	allow_only(few);
	raw6(SYS_write, ready, (long)"x", 1, 0, 0, 0);
	for (;;)
		raw6(SYS_access, (long)path, F_OK, 0, 0, 0, 0);
}
int main(void) {
	memset(path, 'p', sizeof path - 1);
	int killed = 0, status;
	for (int i = 0; i < rounds; i++) {
		int ready[2];
		char c;
		if (pipe(ready))
			return 97;
		pid_t p = fork();
		if (!p)
			busy(ready[1]);
		if (read(ready[0], &c, 1) != 1)
			say("no sign of life");
		usleep(100 + i);
		kill(p, i % 2 ? SIGKILL : SIGTERM);
		killed += waitpid(p, &status, 0) == p && WIFSIGNALED(status);
		close(ready[0]);
		close(ready[1]);
	}
	printf("%d killed\n", killed);
}
