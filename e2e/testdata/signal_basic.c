// Handlers see the right arguments; old actions read back as set.
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
static void h(int s, siginfo_t *i, void *u) {
	ucontext_t *uc = u;
	say("handler %d code %d self %d rip %d", s, i->si_code, i->si_pid == getpid(), uc->uc_mcontext.gregs[REG_RIP] != 0);
	say_set("uc_sigmask", &uc->uc_sigmask);
	say_mask("mask in handler");
}
static void plain(int s) { say("plain %d", s); }
int main(void) {
	int sigs[] = {SIGUSR1, SIGSEGV, SIGSYS, SIGTRAP, SIGILL, SIGRTMIN + 3};
	for (int i = 0; i < 6; i++) {
		struct sigaction a = {0}, old = {0};
		a.sa_sigaction = h;
		a.sa_flags = SA_SIGINFO | (i & 1 ? SA_NODEFER : SA_RESTART);
		a.sa_mask = set_of(SIGUSR2, SIGILL, SIGHUP, 0);
		say("sigaction %d", sigaction(sigs[i], &a, &old));
		say("old default %d flags %x", old.sa_handler == SIG_DFL, old.sa_flags);
		raise(sigs[i]);
		say_result(sigqueue(getpid(), sigs[i], (union sigval){.sival_int = 7}));
		sigaction(sigs[i], NULL, &old);
		say("old handler %d flags %x", old.sa_sigaction == h, old.sa_flags);
		say_set("old mask", &old.sa_mask);
		say("signal() returns %d", signal(sigs[i], plain) == (void (*)(int))h);
		kill(getpid(), sigs[i]);
		say("ignored: %d", signal(sigs[i], SIG_IGN) == plain);
		kill(getpid(), sigs[i]);
		say("default: %d", signal(sigs[i], SIG_DFL) == SIG_IGN);
	}
	say_result(sigaction(65, NULL, NULL));
	struct sigaction a = {.sa_handler = plain};
	say_result(sigaction(SIGKILL, &a, NULL));
	say_result(raw6(SYS_rt_sigaction, SIGILL, 8, 0, 8, 0, 0));
	say_result(raw6(SYS_rt_sigaction, SIGILL, 0, 8, 8, 0, 0));
	say_result(raw6(SYS_rt_sigaction, SIGILL, 0, 0, 16, 0, 0));
	say_result(raw6(SYS_rt_sigaction, SIGUSR1, 0, 8, 8, 0, 0));
	say_mask("mask at the end");
}
