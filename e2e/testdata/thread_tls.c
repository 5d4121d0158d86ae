// FS and GS bases that a program changes; raw threads with a TLS of their own.
#include "probe.h"
#include <asm/prctl.h>
static long fake[64], old, got, r1, r2;
int main(void) {
	raw6(SYS_arch_prctl, ARCH_GET_FS, (long)&old, 0, 0, 0, 0);
	for (int i = 0; i < 64; i++)
		fake[i] = i;
	fake[0] = (long)fake;
	__asm__ volatile("" ::: "memory");
	long tid = gettid();
	// No libc between these two.
	raw6(SYS_arch_prctl, ARCH_SET_FS, (long)fake, 0, 0, 0, 0);
	for (int i = 0; i < 100; i++)
		r1 += raw6(SYS_gettid, 0, 0, 0, 0, 0, 0) == tid;
	raw6(SYS_arch_prctl, ARCH_GET_FS, (long)&got, 0, 0, 0, 0);
	raw6(SYS_arch_prctl, ARCH_SET_FS, 0, 0, 0, 0, 0);
	r2 = raw6(SYS_gettid, 0, 0, 0, 0, 0, 0) == tid;
	raw6(SYS_arch_prctl, ARCH_SET_FS, old, 0, 0, 0, 0);
	say("calls %ld base kept %d zero base %ld", r1, got == (long)fake, r2);
	raw6(SYS_arch_prctl, ARCH_SET_GS, (long)fake, 0, 0, 0, 0);
	getppid();
	long v;
	__asm__ volatile("mov %%gs:8, %0" : "=r"(v));
	say("gs %ld", v);
	sigset_t ill = set_of(SIGILL, 0), now;
	sigprocmask(SIG_BLOCK, &ill, NULL);
	uint64_t m1 = 0, m2 = 0;
	raw6(SYS_arch_prctl, ARCH_SET_FS, (long)fake, 0, 0, 0, 0);
	raw6(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&m1, 8, 0, 0); // the same thread by another FS
	raw6(SYS_arch_prctl, ARCH_SET_FS, old, 0, 0, 0, 0);
	raw6(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&m2, 8, 0, 0);
	say("mask by FS %lx %lx", (long)m1, (long)m2);
	sigprocmask(SIG_UNBLOCK, &ill, &now);
	say_set("old", &now);
}
