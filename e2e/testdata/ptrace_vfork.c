//e2e:need ptrace
//e2e:own .*: /bin/sh: traced by its parent, runs untraced
//e2e:own .*: traced by its parent, goes on untraced
// A debugger's start of its program (gdb's fork_inferior): a vfork child asks to be
// traced and execs. It must not stop before, as its parent waits in vfork.
#include "probe.h"
#include <sys/ptrace.h>
#include <sys/user.h>
static void follow(pid_t p) {
	int st, traps = 0;
	while (waitpid(p, &st, 0) == p && WIFSTOPPED(st)) {
		int sig = WSTOPSIG(st);
		say("stop %d", sig);
		if (traps++ > 5)
			break;
		ptrace(PTRACE_CONT, p, 0, sig == SIGTRAP ? 0 : sig);
	}
	say("end %x", st);
}
int main(void) {
	pid_t p = vfork();
	if (!p) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		setpgid(0, 0);
		execl("/bin/sh", "sh", "-c", "test -e /; kill -USR1 $$; exit 3", (char *)0);
		_exit(9);
	}
	follow(p);
	// The same after fork; a second request fails.
	p = fork();
	if (!p) {
		int a = ptrace(PTRACE_TRACEME, 0, 0, 0);
		int b = ptrace(PTRACE_TRACEME, 0, 0, 0);
		execl("/nonexistent", "x", (char *)0);
		if (a == 0 && b == -1 && errno == EPERM)
			execl("/bin/sh", "sh", "-c", "exit 4", (char *)0);
		_exit(9);
	}
	follow(p);
	// One that stops itself first, and steps into what it execs.
	p = fork();
	if (!p) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		kill(getpid(), SIGSTOP);
		getppid();
		execl("/bin/sh", "sh", "-c", "exit 5", (char *)0);
		_exit(9);
	}
	int st, calls = 0, execed = 0;
	waitpid(p, &st, 0);
	say("stopped %x", st);
	ptrace(PTRACE_SETOPTIONS, p, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	for (;;) {
		ptrace(PTRACE_SYSCALL, p, 0, 0);
		if (waitpid(p, &st, 0) != p || !WIFSTOPPED(st))
			break;
		struct user_regs_struct r;
		ptrace(PTRACE_GETREGS, p, 0, &r);
		calls++;
		execed |= WSTOPSIG(st) == SIGTRAP;
		if (WSTOPSIG(st) != (SIGTRAP | 0x80) && WSTOPSIG(st) != SIGTRAP)
			say("stop %d", WSTOPSIG(st));
		if (WSTOPSIG(st) == (SIGTRAP | 0x80) && r.orig_rax == 110 && !execed)
			say("getppid");
	}
	say("calls %d end %x", calls > 10, st);
	// A program that only asks, and its handlers.
	p = fork();
	if (!p) {
		say("alone %ld", ptrace(PTRACE_TRACEME, 0, 0, 0));
		_exit(6);
	}
	waitpid(p, &st, 0);
	say("end %x", st);
}
