//e2e:need ptrace
//e2e:own .*: traced by its parent, goes on untraced
// A tracer inside the program counts its tracee's stops: none is ours.
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
	waitpid(p, &st, 0);
	say("stopped %d", WSTOPSIG(st));
	ptrace(PTRACE_SETOPTIONS, p, 0, PTRACE_O_EXITKILL);
	int ill = 0, stops = 0;
	for (int sig = 0;;) {
		ptrace(PTRACE_CONT, p, 0, sig);
		if (waitpid(p, &st, 0) < 0 || !WIFSTOPPED(st))
			break;
		sig = WSTOPSIG(st);
		ill += sig == SIGILL;
		if (stops++ < 3)
			say("stop %d", sig);
	}
	say("sent SIGILL %d", ill);
	say("end %x", st);
}
