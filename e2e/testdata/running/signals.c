// What a program has to do with signals, some of which the library has a use for itself, while it is attached to and left: handlers that
// wait, on the alternate stack and on the thread's own, masks, what is pending, what waits with a mask of its own.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/ucontext.h>
#include <unistd.h>

enum { KINDS = 6 };
static const char *name[KINDS] = { "altstack", "own stack", "sigsuspend", "blocked", "ud2", "sigwait" };
static int pipes[KINDS][2];
static pthread_t threads[KINDS];
static atomic_int ready, suspended;
static __thread volatile int entered;
static __thread sigset_t seen;

static void waits(int sig, siginfo_t *info, void *uc) {
	char c, here;
	int k = info->si_value.sival_int;
	stack_t s;
	ready++;
	if (read(pipes[k][0], &c, 1) != 1)
		entered = -100;
	sigaltstack(0, &s);
	entered += (k == 0) == !!(s.ss_flags & SS_ONSTACK) && (k != 0 || (char *)s.ss_sp < &here) ? 1 : -10;
	seen = ((ucontext_t *)uc)->uc_sigmask;
}

static void counts(int sig) { entered++; }

static void skips(int sig, siginfo_t *info, void *uc) {
	greg_t *r = ((ucontext_t *)uc)->uc_mcontext.gregs;
	if (*(unsigned char *)r[REG_RIP] == 0x0f)
		r[REG_RIP] += 2;
	entered++;
}

static void send(int k, int sig) {
	union sigval v = { .sival_int = k };
	pthread_sigqueue(threads[k], sig, v);
}

// same says whether two masks have the signals in common that programs can block.
static int same(const sigset_t *a, const sigset_t *b) {
	for (int i = 1; i < 32; i++)
		if (sigismember(a, i) != sigismember(b, i))
			return 0;
	return 1;
}

static void *run(void *arg) {
	int k = (long)arg, bad = 0, sig;
	char c;
	sigset_t set, old, pend;
	stack_t alt = { .ss_sp = malloc(1 << 16), .ss_size = 1 << 16 }, now;
	if (k == 0)
		sigaltstack(&alt, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGILL);
	sigaddset(&set, SIGSYS);
	sigaddset(&set, SIGWINCH);
	switch (k) {
	case 0: case 1: // a handler waits; behind it all is as before
		pthread_sigmask(SIG_SETMASK, &set, 0);
		ready++;
		while (!entered)
			usleep(1000); // not pause(2): the signal may come before it
		bad = entered != 1 || !same(&seen, &set);
		break;
	case 2: // SIGSYS is blocked, and waited for
		pthread_sigmask(SIG_SETMASK, &set, 0);
		sigemptyset(&old);
		ready++;
		while (!entered)
			sigsuspend(&old);
		suspended = 1;
		bad = entered != 1;
		break;
	case 3: // one is pending
		pthread_sigmask(SIG_SETMASK, &set, 0);
		pthread_kill(pthread_self(), SIGILL);
		ready++;
		if (read(pipes[k][0], &c, 1) != 1)
			bad++;
		sigpending(&pend);
		bad += 2 * !sigismember(&pend, SIGILL) + 4 * !!entered;
		sigdelset(&set, SIGILL);
		pthread_sigmask(SIG_SETMASK, &set, &old);
		bad += 8 * (entered != 1) + 16 * !sigismember(&old, SIGILL) + 32 * !sigismember(&old, SIGSYS);
		break;
	case 4: // an instruction of its own
		ready++;
		while (!suspended) {
			int was = entered;
			__asm__ volatile("ud2" ::: "memory");
			bad += entered != was + 1;
			getppid();
		}
		break;
	case 5:
		sigemptyset(&old);
		sigaddset(&old, SIGRTMIN + 3);
		pthread_sigmask(SIG_BLOCK, &old, 0);
		ready++;
		bad = sigwait(&old, &sig) != 0 || sig != SIGRTMIN + 3;
		break;
	}
	pthread_sigmask(SIG_SETMASK, 0, &old);
	if (k < 3)
		bad += !same(&old, &set);
	sigaltstack(0, &now);
	if (k == 0 ? now.ss_sp != alt.ss_sp || now.ss_size != alt.ss_size || now.ss_flags : now.ss_flags != SS_DISABLE)
		bad += 1000;
	return (void *)(long)bad;
}

int main(void) {
	struct sigaction act = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART }, old;
	act.sa_sigaction = waits;
	sigaddset(&act.sa_mask, SIGHUP);
	sigaction(SIGRTMIN + 1, &act, 0);
	sigemptyset(&act.sa_mask);
	act.sa_sigaction = skips;
	sigaction(SIGILL, &act, 0);
	struct sigaction count = { .sa_handler = counts };
	sigaction(SIGSYS, &count, 0);
	signal(SIGUSR2, SIG_IGN);
	for (long k = 0; k < KINDS; k++) {
		pipe(pipes[k]);
		pthread_create(&threads[k], 0, run, (void *)k);
	}
	while (ready != KINDS)
		usleep(1000);
	send(0, SIGRTMIN + 1);
	send(1, SIGRTMIN + 1);
	while (ready != KINDS + 2)
		usleep(1000);
	puts("ready");
	fflush(stdout);
	char c;
	int bad = read(0, &c, 1) != 1;
	for (int k = 0; k < KINDS; k++)
		write(pipes[k][1], "x", 1);
	send(2, SIGSYS);
	send(5, SIGRTMIN + 3);
	for (int k = 0; k < KINDS; k++) {
		void *r;
		pthread_join(threads[k], &r);
		printf("%s: %ld\n", name[k], (long)r);
		bad += r != 0;
	}
	if (sigaction(SIGILL, 0, &old) || old.sa_sigaction != skips || (old.sa_flags & ~0x04000000) != (SA_SIGINFO | SA_ONSTACK | SA_RESTART) ||
	    sigaction(SIGSYS, 0, &old) || old.sa_handler != counts || sigaction(SIGUSR2, 0, &old) || old.sa_handler != SIG_IGN ||
	    sigaction(SIGSEGV, 0, &old) || old.sa_handler != SIG_DFL)
		bad++, puts("dispositions differ");
	return bad != 0;
}
