//e2e:need ptrace
//e2e:own .*: traced by its parent, goes on untraced
// A program that traces its own child with ptrace and passes on the SIGILL
// stops it does not know: the others are as natively.
#include "probe.h"
#include <sys/ptrace.h>
#include <sys/user.h>
int main(void) {
	pid_t p = fork();
	if (!p) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		raise(SIGUSR1);
		raise(SIGILL);
		_exit(5);
	}
	int st;
	while (waitpid(p, &st, 0) == p && WIFSTOPPED(st) && WSTOPSIG(st) == SIGILL)
		ptrace(PTRACE_CONT, p, 0, SIGILL);
	say("stopped %d", WSTOPSIG(st));
	ptrace(PTRACE_SETOPTIONS, p, 0, PTRACE_O_EXITKILL);
	int ill = 0;
	for (int sig = 0;;) {
		ptrace(PTRACE_CONT, p, 0, sig);
		if (waitpid(p, &st, 0) < 0 || !WIFSTOPPED(st))
			break;
		sig = WSTOPSIG(st);
		if (sig == SIGILL) { // ours, natively one: pass them on
			siginfo_t i;
			ptrace(PTRACE_GETSIGINFO, p, 0, &i);
			ill += i.si_code <= 0;
			continue;
		}
		say("stop %d", sig);
		sig = 0;
	}
	say("sent SIGILL %d", ill > 0);
	say("end %x", st);
}
