// sigaltstack reads back, in and out of handlers; SS_AUTODISARM; errors.
#include "probe.h"
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif
static char st[65536];
static void show(const char *w) {
	stack_t s;
	sigaltstack(NULL, &s);
	say("%s: ours %d size %zu flags %x", w, s.ss_sp == st, s.ss_size, s.ss_flags);
}
static void h(int s, siginfo_t *i, void *u) {
	ucontext_t *uc = u;
	int here;
	show("handler");
	say("on it %d uc %d %zu %x", (char *)&here > st && (char *)&here < st + sizeof st, uc->uc_stack.ss_sp == st, uc->uc_stack.ss_size, uc->uc_stack.ss_flags);
	stack_t off = {.ss_flags = SS_DISABLE};
	say_result(sigaltstack(&off, NULL));
}
int main(void) {
	show("start");
	stack_t s = {.ss_sp = st, .ss_size = sizeof st}, old;
	say_result(sigaltstack(&s, &old));
	getppid();
	show("set");
	on(SIGUSR1, h, SA_ONSTACK);
	on(SIGILL, h, SA_ONSTACK);
	on(SIGUSR2, h, 0);
	raise(SIGUSR1);
	show("after USR1");
	raise(SIGILL);
	show("after ILL");
	raise(SIGUSR2);
	show("after USR2");
	s.ss_flags = SS_AUTODISARM;
	sigaltstack(&s, NULL);
	show("autodisarm");
	raise(SIGUSR1);
	show("after USR1");
	raise(SIGILL);
	show("after ILL");
	s.ss_flags = 0, s.ss_size = 100;
	say_result(sigaltstack(&s, NULL));
	s.ss_flags = 77;
	say_result(sigaltstack(&s, NULL));
	say_result(raw6(SYS_sigaltstack, 8, 0, 0, 0, 0, 0));
	say_result(raw6(SYS_sigaltstack, 0, 8, 0, 0, 0, 0));
	s = (stack_t){.ss_flags = SS_DISABLE};
	say_result(sigaltstack(&s, &old));
	show("disabled");
	raise(SIGUSR1);
}
