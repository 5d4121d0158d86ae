// Behind filters that forbid to read memory by a call, the program's calls about signals
// take what they are given and refuse bad pointers, whatever the mask is.
#include "filters.h"
#include <poll.h>
static char *edge, *none; // the end of readable memory; memory that is not
static volatile int got;
static void h(int s) { got++; }
static void *nothing(void *a) { return a; }
static const char *name(long r) { return r < 0 ? strerrorname_np(-r) : "ok"; }
static long mask(int how, const void *set, void *old) { return raw6(SYS_rt_sigprocmask, how, (long)set, (long)old, 8, 0, 0); }
static void use(void) {
	sigset_t all, was;
	struct timespec zero = {0};
	struct pollfd pfd = {-1, 0, 0};
	sigfillset(&all);
	signal(SIGUSR1, h);
	sigprocmask(SIG_BLOCK, &all, &was);
	for (int blocked = 1; blocked >= 0; blocked--) {
		say("mask %s %s %s %s", name(mask(SIG_BLOCK, none, 0)), name(mask(SIG_BLOCK, edge - 7, 0)), name(mask(SIG_BLOCK, edge - 8, 0)), name(mask(77, edge - 8, 0)));
		say("old %s %s %s", name(mask(SIG_BLOCK, 0, none)), name(mask(SIG_BLOCK, 0, edge - 4)), name(mask(SIG_BLOCK, 0, edge - 8)));
		memset(edge - 8, 0, 8);
		say("action %s %s", name(raw6(SYS_rt_sigaction, SIGUSR2, (long)none, 0, 8, 0, 0)), name(raw6(SYS_rt_sigaction, SIGUSR2, 0, (long)edge - 30, 8, 0, 0)));
		say("own action %s %s", name(raw6(SYS_rt_sigaction, SIGILL, (long)none, 0, 8, 0, 0)), name(raw6(SYS_rt_sigaction, SIGILL, 0, (long)edge - 30, 8, 0, 0)));
		say("stack %s", name(raw6(SYS_sigaltstack, (long)none, 0, 0, 0, 0, 0)));
		say("ppoll %s %s", name(raw6(SYS_ppoll, (long)&pfd, 1, (long)&zero, (long)none, 8, 0)), name(raw6(SYS_ppoll, (long)&pfd, 1, (long)&zero, (long)edge - 8, 8, 0)));
		say("wait %s", name(raw6(SYS_rt_sigtimedwait, (long)none, 0, (long)&zero, 8, 0, 0)));
		say("open %s %s", name(raw6(SYS_open, (long)none, 0, 0, 0, 0, 0)), name(raw6(SYS_open, (long)"/nowhere/at/all", 0, 0, 0, 0, 0)));
		say("write %s", name(raw6(SYS_write, 1, (long)none, 10, 0, 0, 0)));
		pthread_t t;
		say("thread %d", pthread_create(&t, 0, nothing, 0) || pthread_join(t, 0));
		pid_t p = fork();
		if (!p)
			_exit(blocked);
		say_child("child", p);
		sigprocmask(SIG_SETMASK, &was, 0);
	}
	say_mask("at the end");
	raise(SIGUSR1);
	say("handler %d", got);
}
static int forbidden[8];
static unsigned action;
static void behind(void) {
	for (int *nr = forbidden; *nr; nr++)
		refuse(*nr, action);
	use();
}
int main(void) {
	edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	edge += 4096;
	none = edge + 100;
	mprotect(edge, 4096, PROT_NONE);
	static const unsigned actions[] = {answer_eperm, answer_enosys, SECCOMP_RET_KILL_PROCESS};
	for (int i = 0; i < 3; i++) {
		action = actions[i];
		memcpy(forbidden, (int[8]){SYS_process_vm_readv, SYS_process_vm_writev}, sizeof forbidden);
		in_child("memory", behind);
		memcpy(forbidden, (int[8]){SYS_process_vm_readv, SYS_process_vm_writev, SYS_prctl, SYS_personality, SYS_fcntl}, sizeof forbidden);
		in_child("and more", behind);
	}
}
