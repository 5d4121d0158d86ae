//e2e:need notify
//e2e:again SYSTRAP_DOOR=trap
// One thread's filter answers, or hands to a supervisor, calls of rt_sigprocmask. The masks of the others stay what they
// were, also of those whose text is changed at that moment, and so do those of a thread whose calls are let through.
#include "filters.h"
#include <sys/ioctl.h>
#include <sys/mman.h>
static atomic_int stop, filtered, started;
// blocked says how many of the process's threads have a signal blocked.
static int blocked(void) {
	int n = 0;
	for (int tid = gettid(); tid < gettid() + 64; tid++) {
		char name[64], text[4096], *at;
		snprintf(name, sizeof name, "/proc/self/task/%d/status", tid);
		int fd = open(name, O_RDONLY);
		if (fd < 0)
			continue;
		ssize_t len = read(fd, text, sizeof text - 1);
		text[len > 0 ? len : 0] = 0;
		close(fd);
		at = strstr(text, "SigBlk:");
		n += at && strncmp(at + 8, "0000000000000000", 16) != 0;
	}
	return n;
}
// remap has text looked at all the time.
static void *remap(void *a) {
	started++;
	for (int k = 0; !stop && k < 100000; k++) {
		char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		memcpy(p, "\x90\xc3", 2);
		mprotect(p, 4096, PROT_READ | PROT_EXEC);
		((void (*)(void))p)();
		munmap(p, 4096);
		if (filtered == 1 && k > 20)
			filtered = 2;
	}
	while (!stop)
		usleep(1000);
	return NULL;
}
static unsigned flags;
static void filters_meanwhile(void) {
	struct sock_filter f[] = {LOAD(nr), IF(SYS_rt_sigprocmask, 0, 1), RETURN(answer_eperm), RETURN(SECCOMP_RET_ALLOW)};
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, remap, NULL);
	while (started < 4) // a thread sets its mask before, which the filter would refuse it
		usleep(1000);
	usleep(2000);
	install(f, 4, flags);
	filtered = 1;
	while (filtered == 1)
		usleep(1000);
	stop = 1;
	int n = 0;
	for (int i = 0; i < 10000; i++) // a moment of theirs may be seen
		if ((n = blocked()) == 0)
			break;
		else
			usleep(1000);
	say("threads with signals blocked: %d", n);
	raw6(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}
static atomic_int listener = -1;
static void *let_through(void *a) {
	while (listener < 0)
		sched_yield();
	for (;;) {
		struct seccomp_notif q = {0};
		struct seccomp_notif_resp r = {0};
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &q))
			return NULL;
		r.id = q.id;
		r.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
	}
}
static void listen_on_masks(void) {
	struct sock_filter f[] = {LOAD(nr), IF(SYS_rt_sigprocmask, 0, 1), RETURN(SECCOMP_RET_USER_NOTIF), RETURN(SECCOMP_RET_ALLOW)};
	struct sock_fprog p = {4, f};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &p);
}
static int block_all(int how) {
	uint64_t set = ~0ul, was = 0;
	long r = raw6(SYS_rt_sigprocmask, how, (long)&set, (long)&was, 8, 0, 0);
	say("%d: %ld, had %lx", how, r, was);
	return raw6(SYS_getppid, 0, 0, 0, 0, 0, 0) == getppid();
}
static void *block_again(void *a) {
	int right = 0;
	while (listener < 0)
		sched_yield();
	for (int i = 0; i < 3; i++)
		right += block_all(SIG_BLOCK) + block_all(SIG_SETMASK);
	right += block_all(SIG_UNBLOCK) + block_all(SIG_UNBLOCK);
	say("%d right", right);
	return NULL;
}
static void of_another_thread(void) {
	pthread_t t;
	pthread_create(&t, NULL, block_again, NULL);
	listen_on_masks();
	pthread_join(t, NULL);
	raw6(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}
static void let_through_by_another(void) {
	pthread_t t;
	pthread_create(&t, NULL, let_through, NULL);
	listen_on_masks();
	block_again(NULL);
	raw6(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}
// actions has filters that decide about handlers and the alternate stack: another thread's, which are not for this one, and its own.
static atomic_int turn_of;
static void on_ill(int s, siginfo_t *i, void *u) {
	say("handled %d", s);
	((ucontext_t *)u)->uc_mcontext.gregs[REG_RIP] += 2;
}
static void *act(void *own) {
	static char stack[2][65536];
	struct sigaction a = {.sa_sigaction = on_ill, .sa_flags = SA_SIGINFO | SA_ONSTACK}, was;
	stack_t s = {.ss_sp = stack[!!own], .ss_size = sizeof stack[0]}, old;
	while (!own && !turn_of)
		sched_yield();
	say_result(sigaltstack(&s, &old));
	say_result(sigaction(SIGILL, &a, &was));
	say_result(sigaction(SIGSYS, &a, &was));
	say_result(sigaction(SIGUSR1, &a, &was));
	say_result(getppid() > 0);
	if (!own) {
		__asm__ volatile("ud2");
		say_result(sigaltstack(NULL, &old));
		say("stack %d", old.ss_sp == s.ss_sp);
	}
	return NULL;
}
static void actions(void) {
	pthread_t t;
	pthread_create(&t, NULL, act, NULL);
	refuse(SYS_rt_sigaction, answer_eperm);
	refuse(SYS_sigaltstack, answer_eperm);
	turn_of = 1;
	pthread_join(t, NULL);
	act("");
}
int main(void) {
	in_child("actions", actions);
	in_child("of another thread", of_another_thread);
	in_child("let through", let_through_by_another);
	for (int i = 0; i < 8; i++) {
		in_child("meanwhile", filters_meanwhile);
		flags ^= SECCOMP_FILTER_FLAG_TSYNC;
	}
}
