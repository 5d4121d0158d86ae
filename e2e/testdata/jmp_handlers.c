// siglongjmp out of handlers that interrupted a blocking call, thousands of
// times; setcontext out of a handler; longjmp without the mask.
//e2e:again SYSTRAP_DOOR=jump
//e2e:not-musl musl has no setcontext
#include "probe.h"
static sigjmp_buf env;
static ucontext_t ctx;
static int fds[2];
static void jump(int s, siginfo_t *i, void *u) { siglongjmp(env, s); }
static void context(int s, siginfo_t *i, void *u) { setcontext(&ctx); }
int main(void) {
	char b[1];
	volatile int n = 0;
	if (pipe(fds))
		return 1;
	on(SIGALRM, jump, 0);
	on(SIGILL, jump, 0);
	for (volatile int i = 0; i < 300; i++) {
		if (sigsetjmp(env, 1) == 0) {
			struct itimerval t = {{0, 0}, {0, 300}};
			setitimer(ITIMER_REAL, &t, NULL);
			read(fds[0], b, 1); // blocks for ever
		} else
			n++;
	}
	say("jumps %d", n);
	say_mask("mask");
	for (volatile int i = 0; i < 300; i++)
		if (sigsetjmp(env, 1) == 0)
			raise(SIGILL);
		else
			n++;
	say("jumps %d", n);
	if (sigsetjmp(env, 0) == 0)
		raise(SIGILL);
	say_mask("without the mask SIGILL stays blocked");
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	on(SIGUSR1, context, 0);
	on(SIGILL, context, SA_NODEFER);
	volatile int k = 0;
	getcontext(&ctx);
	if (k < 10) {
		k++;
		raise(k & 1 ? SIGUSR1 : SIGILL);
	}
	say("contexts %d", k);
	say_mask("end");
	say_result(getppid() > 0);
}
