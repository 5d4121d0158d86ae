// A dozen signals that become due at the same moment: the kernel builds all
// frames before the first handler runs. Their order, nesting and the
// masks in each frame are as natively.
#include "probe.h"
#include <poll.h>
static const int sigs[] = {SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGWINCH, 40, 40, 41, 41, 50, SIGILL};
enum { count = sizeof sigs / sizeof *sigs };
static int order[64], depths[64], n, depth, blocked[64];
static void h(int s, siginfo_t *i, void *u) {
	ucontext_t *uc = u;
	order[n] = s;
	depths[n] = depth;
	for (int k = 1; k < 64; k++)
		blocked[n] += sigismember(&uc->uc_sigmask, k);
	n++;
	depth++;
	getppid();
	depth--;
}
static void show(const char *what) {
	char b[900];
	int at = 0;
	for (int i = 0; i < n; i++) {
		at += snprintf(b + at, sizeof b - at, " %d/%d/%d", order[i], depths[i], blocked[i]);
		blocked[i] = 0;
	}
	say("%s:%s", what, b);
	n = 0;
}
static void all(int flags, int masked, int ill) {
	struct sigaction a = {.sa_sigaction = h, .sa_flags = SA_SIGINFO | flags};
	if (masked)
		sigfillset(&a.sa_mask);
	for (int i = 0; i < count - !ill; i++)
		sigaction(sigs[i], &a, NULL);
}
static void send_all(int ill) {
	for (int i = 0; i < count - !ill; i++)
		sigqueue(getpid(), sigs[i], (union sigval){.sival_int = i});
}
static void rounds(const char *name, int flags, int masked, int ill) {
	char what[64];
	sigset_t full, old, none;
	sigfillset(&full);
	sigemptyset(&none);
	all(flags, masked, ill);
	sigprocmask(SIG_SETMASK, &full, &old);
	send_all(ill);
	sigprocmask(SIG_SETMASK, &old, NULL);
	snprintf(what, sizeof what, "%s, sigprocmask", name);
	show(what);
	sigprocmask(SIG_SETMASK, &full, NULL);
	send_all(ill);
	int r = sigsuspend(&none);
	snprintf(what, sizeof what, "%s, sigsuspend %d %d", name, r, errno == EINTR);
	sigprocmask(SIG_SETMASK, &old, NULL);
	show(what);
	sigprocmask(SIG_SETMASK, &full, NULL);
	send_all(ill);
	r = ppoll(NULL, 0, NULL, &none);
	snprintf(what, sizeof what, "%s, ppoll %d %d", name, r, errno == EINTR);
	sigprocmask(SIG_SETMASK, &old, NULL);
	show(what);
}
static int fds[2];
static void *sender(void *p) {
	usleep(20000);
	sigset_t full;
	sigfillset(&full);
	pthread_sigmask(SIG_SETMASK, &full, NULL);
	for (int i = 0; i < 200; i++)
		sigqueue(getpid(), 40 + i % 3, (union sigval){.sival_int = i});
	usleep(50000);
	close(fds[1]);
	return NULL;
}
static atomic_int got[3], sum;
static void counted(int s, siginfo_t *i, void *u) {
	got[s - 40]++;
	sum += i->si_value.sival_int;
}
int main(void) {
	static char stack[1 << 17];
	rounds("plain", 0, 0, 0);
	rounds("masked", 0, 1, 0);
	rounds("no defer", SA_NODEFER, 0, 0);
	sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
	rounds("on stack", SA_ONSTACK, 0, 0);
	// 200 queued signals into a read that blocks.
	for (int i = 0; i < 3; i++)
		on(40 + i, counted, 0);
	pthread_t t;
	char c;
	if (pipe(fds))
		return 1;
	pthread_create(&t, NULL, sender, NULL);
	while (read(fds[0], &c, 1) < 0 && errno == EINTR)
		;
	pthread_join(t, NULL);
	say("queued: %d %d %d, sum %d", got[0], got[1], got[2], sum);
}
