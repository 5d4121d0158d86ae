//e2e:need fsgsbase
//e2e:flags -mfsgsbase
// Two threads exchange their FS base with WRFSBASE, as runtimes with user threads do:
// each stays the kernel's thread that it is, with its own mask and alternate stack.
#include "probe.h"
#include <immintrin.h>
static unsigned long fs[2];
static long tids[2];
static volatile int at[2];
static char alt[2][65536];
static void meet(int me, int n) {
	__sync_synchronize();
	at[me] = n;
	while (at[!me] < n)
		raw6(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}
struct result { long bad, mask, alt, pending; };
static struct result results[2];
static volatile int ill[2];
static void *run(void *p) {
	long me = (long)p;
	fs[me] = _readfsbase_u64();
	tids[me] = raw6(SYS_gettid, 0, 0, 0, 0, 0, 0);
	meet(me, 1);
	_writefsbase_u64(fs[!me]);
	meet(me, 2);
	struct result r = {0};
	for (int i = 0; i < 300; i++)
		r.bad += raw6(SYS_gettid, 0, 0, 0, 0, 0, 0) != tids[me];
	unsigned long m = 1UL << (SIGUSR1 - 1) | (me == 0 ? 1UL << (SIGILL - 1) | 1UL << (SIGSYS - 1) : 0), q = 0;
	raw6(SYS_rt_sigprocmask, SIG_SETMASK, (long)&m, 0, 8, 0, 0);
	stack_t st = {.ss_sp = alt[me], .ss_size = sizeof alt[me]}, was = {0};
	raw6(SYS_sigaltstack, (long)&st, 0, 0, 0, 0, 0);
	if (me == 0)
		raw6(SYS_tkill, tids[0], SIGILL, 0, 0, 0, 0);
	meet(me, 3);
	_writefsbase_u64(fs[me]);
	meet(me, 4);
	raw6(SYS_rt_sigprocmask, 0, 0, (long)&q, 8, 0, 0);
	raw6(SYS_sigaltstack, 0, (long)&was, 0, 0, 0, 0);
	r.mask = q, r.alt = was.ss_sp == alt[me];
	raw6(SYS_rt_sigpending, (long)&q, 8, 0, 0, 0, 0);
	r.pending = q;
	results[me] = r;
	return 0;
}
int main(void) {
	pthread_t t[2];
	for (long i = 0; i < 2; i++)
		pthread_create(&t[i], 0, run, (void *)i);
	for (int i = 0; i < 2; i++) {
		pthread_join(t[i], 0);
		say("thread %d: others' ids %ld, mask %lx, its alternate stack %ld, pending %lx", i, results[i].bad, results[i].mask, results[i].alt, results[i].pending);
	}
}
