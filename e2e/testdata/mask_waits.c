// Calls that take a mask for their duration: SIGILL in it does no harm.
//e2e:again SYSTRAP_DISCOVER=only
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
static volatile int hit;
static void h(int s, siginfo_t *i, void *u) {
	hit++;
	say("handler %d", s);
	say_mask("in handler");
	say_set("uc", &((ucontext_t *)u)->uc_sigmask);
}
int main(void) {
	sigset_t block = set_of(SIGUSR1, SIGILL, 0), wait = set_of(SIGILL, SIGUSR2, 0), full;
	struct timespec t = {0, 20000000};
	sigprocmask(SIG_BLOCK, &block, NULL);
	on(SIGUSR1, h, 0);
	kill(getpid(), SIGUSR1);
	say_result(sigsuspend(&wait));
	say_mask("after sigsuspend");
	kill(getpid(), SIGUSR1);
	say_result(ppoll(NULL, 0, &t, &wait));
	kill(getpid(), SIGUSR1);
	say_result(pselect(0, 0, 0, 0, &t, &wait));
	int e = epoll_create1(0);
	struct epoll_event ev;
	kill(getpid(), SIGUSR1);
	say_result(epoll_pwait(e, &ev, 1, 1000, &wait));
	kill(getpid(), SIGUSR1);
	say_result(syscall(SYS_epoll_pwait2, e, &ev, 1, &t, &wait, 8));
	say_mask("after waits");
	sigfillset(&full);
	say_result(ppoll(NULL, 0, &t, &full)); // the mask blocks all: times out
	say_result(pselect(0, 0, 0, 0, &t, &full));
	say_result(epoll_pwait(e, &ev, 1, 20, &full));
	say_result(ppoll(NULL, 0, &t, NULL));
	say_result(syscall(SYS_ppoll, 0, 0, &t, 8, 8));
	say_result(syscall(SYS_ppoll, 0, 0, &t, &full, 4));
	say_result(syscall(SYS_pselect6, 0, 0, 0, 0, &t, 8));
	say_result(syscall(SYS_rt_sigsuspend, 8, 8));
	kill(getpid(), SIGUSR1);
	siginfo_t info;
	sigset_t w = set_of(SIGUSR1, SIGILL, 0);
	say_result(sigtimedwait(&w, &info, &t));
	say("code %d", info.si_code);
	say_result(sigtimedwait(&w, &info, &t));
	sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 42});
	say_result(sigwaitinfo(&w, &info));
	say("value %d", info.si_value.sival_int);
	int sig = 0;
	kill(getpid(), SIGUSR1);
	say_result(sigwait(&w, &sig));
	say("sig %d hits %d", sig, hit);
	say_mask("end");
}
