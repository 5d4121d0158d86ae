// clone3: plain, with a pidfd, CLONE_CLEAR_SIGHAND, a stack, bad arguments.
//e2e:not-musl its raise() signals the parent after a raw clone3: natively, too, the wait is interrupted in some runs
#include "probe.h"
#include <linux/sched.h>
static void h(int s, siginfo_t *i, void *u) { say("handler %d", s); }
static void show(const char *what) {
	int sigs[] = {SIGUSR1, SIGILL, SIGUSR2, SIGHUP};
	for (int i = 0; i < 4; i++) {
		struct sigaction a;
		sigaction(sigs[i], NULL, &a);
		say("%s: %d is %s", what, sigs[i], a.sa_handler == SIG_DFL ? "default" : a.sa_handler == SIG_IGN ? "ignored" : "handled");
	}
}
static char stack[65536] __attribute__((aligned(64)));
int main(void) {
	struct clone_args a = {.exit_signal = SIGCHLD};
	int pidfd = -1, ctid = 0, ptid = 0;
	on(SIGUSR1, h, 0);
	on(SIGILL, h, 0);
	signal(SIGUSR2, SIG_IGN);
	long r = syscall(SYS_clone3, &a, sizeof a);
	if (!r) { show("plain"); raise(SIGILL); _exit(3); }
	say_child("plain", r);
	a.flags = CLONE_CLEAR_SIGHAND | CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID;
	a.pidfd = (long)&pidfd, a.parent_tid = (long)&ptid, a.child_tid = (long)&ctid;
	r = syscall(SYS_clone3, &a, sizeof a);
	if (!r) { say("ctid %d", ctid == getpid()); show("cleared"); _exit(4); }
	siginfo_t info = {0};
	say("waitid %d", waitid(P_PIDFD, pidfd, &info, WEXITED));
	say("ptid %d pidfd %d", ptid == r, pidfd > 2);
	say("status %d code %d", info.si_status, info.si_code);
	show("parent");
	a = (struct clone_args){.exit_signal = SIGCHLD, .flags = CLONE_CLEAR_SIGHAND};
	r = syscall(SYS_clone3, &a, sizeof a);
	if (!r) { raise(SIGILL); _exit(5); }
	say_child("cleared, then SIGILL", r);
	a = (struct clone_args){.exit_signal = SIGCHLD, .flags = CLONE_VM | CLONE_VFORK | CLONE_CLEAR_SIGHAND};
	r = raw6(SYS_clone3, (long)&a, sizeof a, 0, 0, 0, 0); // inline: the stack is shared
	if (!r) { execl("/bin/true", "true", NULL); _exit(6); }
	say_child("vfork", r);
	show("after vfork");
	a = (struct clone_args){.exit_signal = SIGCHLD, .stack = (long)stack, .stack_size = sizeof stack};
	say_result(syscall(SYS_clone3, &a, 8));
	say_result(syscall(SYS_clone3, 8, sizeof a));
	a.flags = 1ull << 60;
	say_result(syscall(SYS_clone3, &a, sizeof a));
}
