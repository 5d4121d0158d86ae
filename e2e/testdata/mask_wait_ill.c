// A SIGILL that is sent while blocked is pending, and sigtimedwait takes it.
#include "probe.h"
#include <sys/signalfd.h>
int main(void) {
	sigset_t ill = set_of(SIGILL, 0), p;
	struct timespec t = {0, 50000000};
	siginfo_t info = {0};
	sigprocmask(SIG_BLOCK, &ill, NULL);
	kill(getpid(), SIGILL);
	sigpending(&p);
	say_set("pending", &p);
	say_result(sigtimedwait(&ill, &info, &t));
	say("signo %d code %d self %d", info.si_signo, info.si_code, info.si_pid == getpid());
	sigpending(&p);
	say_set("pending", &p);
	sigqueue(getpid(), SIGILL, (union sigval){.sival_int = 9});
	say_result(sigwaitinfo(&ill, &info));
	say("code %d value %d", info.si_code, info.si_value.sival_int);
	say_result(sigtimedwait(&ill, &info, &t));
	int fd = signalfd(-1, &ill, SFD_NONBLOCK);
	struct signalfd_siginfo si;
	say_result(read(fd, &si, sizeof si));
	raise(SIGILL);
	say_result(read(fd, &si, sizeof si));
	say("signo %u code %d", si.ssi_signo, si.ssi_code);
}
