//e2e:need ptrace
//e2e:own .*: traced by its parent, goes on untraced
// A tracer answers its child's first calls itself (PTRACE_SYSEMU), changes others, and counts them: there is none of ours.
//e2e:not-musl its raise() makes another call after the stop, so the first getppid is not the one that is emulated
#include "probe.h"
#include <sys/ptrace.h>
#include <sys/user.h>
enum { ptrace_sysemu = 31 };
static void child(void (*stop)(void)) {
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	stop();
	long emulated = raw6(SYS_getppid, 0, 0, 0, 0, 0, 0), changed = raw6(SYS_getppid, 0, 0, 0, 0, 0, 0);
	say("the child has %ld and %d", emulated == getppid() ? 0 : emulated, changed == getpid()); // musl's raise makes another call behind the stop
	_exit(3);
}
static void trace(const char *what, void (*stop)(void)) {
	pid_t p = fork();
	if (!p)
		child(stop);
	int st, seen = 0, calls = 0;
	waitpid(p, &st, 0);
	say("%s: stop %d", what, WSTOPSIG(st));
	ptrace(PTRACE_SETOPTIONS, p, 0, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
	ptrace(ptrace_sysemu, p, 0, 0);
	while (waitpid(p, &st, 0) == p && WIFSTOPPED(st)) {
		struct user_regs_struct r;
		ptrace(PTRACE_GETREGS, p, 0, &r);
		if (WSTOPSIG(st) != (SIGTRAP | 0x80))
			say("signal %d", WSTOPSIG(st));
		else if (calls < 4)
			say("call %lld", (long long)r.orig_rax);
		calls++;
		if (r.orig_rax == SYS_getppid && ++seen <= 2) {
			if (seen == 1)
				r.rax = 4321;
			else
				r.orig_rax = SYS_getpid;
			ptrace(PTRACE_SETREGS, p, 0, &r);
		}
		ptrace(PTRACE_SYSCALL, p, 0, 0);
	}
	say("%s: status %#x after %d stops", what, st, calls);
}
static void by_raise(void) { raise(SIGSTOP); }
static void by_kill(void) { kill(getpid(), SIGSTOP); }
static void by_tkill(void) { syscall(SYS_tkill, getpid(), SIGTRAP); }
static void by_queue(void) { sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 5}); }
int main(void) {
	trace("raise", by_raise);
	trace("kill", by_kill);
	trace("tkill", by_tkill);
	trace("sigqueue", by_queue);
}
