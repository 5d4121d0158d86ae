// The main stack grows as natively; a limit is a limit; a handler on an
// alternate stack sees the overflow.
#include "probe.h"
static sigjmp_buf env;
static int depth(int n) { volatile char b[4096]; b[0] = n; getppid(); return n ? depth(n - 1) + b[0] * 0 + 1 : 0; }
static volatile int levels;
static int forever(int n) { volatile char b[1024]; b[0] = n; levels = n; return forever(n + 1) + b[0]; }
static void h(int s, siginfo_t *i, void *u) {
	say("handler %d code %d", s, i->si_code);
	siglongjmp(env, 1);
}
int main(void) {
	say("depth %d", depth(1500));
	stack_t ss = {.ss_sp = malloc(65536), .ss_size = 65536};
	sigaltstack(&ss, NULL);
	on(SIGSEGV, h, SA_ONSTACK);
	for (volatile int i = 0; i < 3; i++)
		if (!sigsetjmp(env, 1))
			forever(0);
	say("levels %d", levels / 1000);
	stack_t now;
	sigaltstack(NULL, &now);
	say("altstack %d %zu %d", now.ss_sp == ss.ss_sp, now.ss_size, now.ss_flags);
}
