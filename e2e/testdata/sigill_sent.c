// kill, tgkill, sigqueue, pidfd_send_signal of SIGILL, from within and without.
#include "probe.h"
static void h(int s, siginfo_t *i, void *u) {
	say("sig %d code %d pid %d value %d thread %d", s, i->si_code, i->si_pid == getpid() || i->si_pid == getppid(), i->si_code == SI_QUEUE ? i->si_value.sival_int : 0, gettid() == getpid());
}
static void *thread(void *p) { syscall(SYS_tgkill, getpid(), gettid(), SIGILL); return NULL; }
static int seen;
static void third(int s, siginfo_t *i, void *u) {
	h(s, i, u);
	if (++seen == 3)
		_exit(4);
}
static void waits(void) { for (;;) pause(); }
// One that comes just before a pause does not end it, and two can be one: sent until it has had its three.
static void until_gone(pid_t c) { for (siginfo_t i = {0}; !waitid(P_PID, c, &i, WEXITED | WNOHANG | WNOWAIT) && !i.si_pid; kill(c, SIGILL)) sleep_ms(10); }
int main(void) {
	on(SIGILL, h, 0);
	say_result(kill(getpid(), SIGILL));
	say_result(syscall(SYS_tkill, gettid(), SIGILL));
	say_result(syscall(SYS_tgkill, getpid(), gettid(), SIGILL));
	say_result(sigqueue(getpid(), SIGILL, (union sigval){.sival_int = 5}));
	int fd = syscall(SYS_pidfd_open, getpid(), 0);
	say_result(syscall(SYS_pidfd_send_signal, fd, SIGILL, NULL, 0));
	siginfo_t i = {.si_signo = SIGILL, .si_code = SI_QUEUE, .si_pid = getpid()};
	i.si_value.sival_int = 6;
	say_result(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), SIGILL, &i));
	i.si_code = ILL_ILLOPN; // a forged fault, which the kernel lets one send to oneself
	i.si_addr = (void *)main;
	say_result(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), SIGILL, &i));
	pthread_t t;
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	on(SIGILL, third, 0);
	pid_t c = fork();
	if (!c) waits();
	until_gone(c);
	say_child("handled in the child", c);
	signal(SIGILL, SIG_DFL);
	c = fork();
	if (!c) for (;;) pause();
	until_gone(c);
	say_child("default in the child", c);
}
