// A hook that does at each call what compiled code may do: libc, x87, vector registers of each width, errno, flags. It says at the
// end what it did not find as it should be.
#define _GNU_SOURCE
#include <errno.h>
#ifdef SYSTRAP
#include <systrap.h>
#elif defined E9
#include <e9syscall.h>
#define syscall_no_intercept syscall
#else
#include <libsyscall_intercept_hook_point.h>
#endif
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *bad;
static long hooked;

// allocates says whether a call is none that malloc(3), or fork(2) with its locks, makes: the hook would wait for itself.
static int allocates(long nr) {
	switch (nr) {
	case SYS_brk: case SYS_mmap: case SYS_munmap: case SYS_mremap: case SYS_mprotect: case SYS_madvise: case SYS_futex:
	case SYS_clone: case SYS_clone3: case SYS_fork: case SYS_vfork: case SYS_set_robust_list: case SYS_rseq: case SYS_rt_sigprocmask:
	case SYS_gettid: case SYS_getrandom: case SYS_getpid: case SYS_tgkill: case SYS_exit: case SYS_rt_sigreturn:
		return 0;
	}
	return 1;
}

__attribute__((target("avx"))) static void wide(void) {
	__asm__ volatile("vpcmpeqd %%xmm0, %%xmm0, %%xmm0; vinsertf128 $1, %%xmm0, %%ymm0, %%ymm1; vmovaps %%ymm1, %%ymm7; vmovaps %%ymm1, %%ymm15" : : : "xmm0", "xmm1", "xmm7", "xmm15");
}
__attribute__((target("avx512f"))) static void wider(void) {
	__asm__ volatile("vpternlogd $255, %%zmm17, %%zmm17, %%zmm17; vmovdqa64 %%zmm17, %%zmm31; kxnorw %%k1, %%k1, %%k3" : : : "memory");
}
static int busy(long nr, long a, long b, long c, long d, long e, long f) {
	unsigned long flags;
	unsigned short x87;
	__asm__ volatile("pushf; pop %0" : "=r"(flags));
	__asm__ volatile("fnstsw %0" : "=m"(x87));
	if ((uintptr_t)__builtin_frame_address(0) % 16)
		bad = "the stack is not aligned";
	if (flags & (1 << 10 | 1 << 18))
		bad = "DF or AC is set";
	if (x87 & 7 << 11)
		bad = "the x87 stack is not empty";
	char text[300];
	void *p = allocates(nr) ? malloc(100 + nr % 1000) : NULL;
	if (p)
		memset(p, 1, 100);
	snprintf(text, sizeof text, "%ld %g %lx %lx %lx %lx", nr, 1.5 * nr, a, b, c, d + e + f);
	__asm__ volatile("fldl2e; fstp %%st(0)" : : : "st");
	if (__builtin_cpu_supports("avx"))
		wide();
	if (__builtin_cpu_supports("avx512f"))
		wider();
	long pid = syscall_no_intercept(SYS_getpid), was = hooked;
	if (pid != getpid() || getppid() < 0 || hooked < was)
		bad = "the hook's own calls are not what they are";
	free(p);
	errno = 77;
	__atomic_add_fetch(&hooked, 1, __ATOMIC_RELAXED);
	return 1;
}
#ifndef E9
// behind does what may be done behind each call, also the one that fork(2) makes with malloc's locks.
static void behind(long nr, long a, long b, long c, long d, long e, long f, long result) {
	char text[300];
	snprintf(text, sizeof text, "%ld %g %lx %lx %lx", nr, 1.5 * nr, a, b, result);
	errno = 78;
}
#endif
#ifdef E9
int hook(int nr, intptr_t a, intptr_t b, intptr_t c, intptr_t d, intptr_t e, intptr_t f, intptr_t *result) {
	*result = 1; // of no effect
	return busy(nr, a, b, c, d, e, f);
}
#elif defined SYSTRAP
void __systrap_pre_handling(struct generic_syscall *s) {
	long *a = s->args;
	busy(s->syscall_number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
void __systrap_post_handling(struct generic_syscall *s, long ret, bool resume) {
	behind(s->syscall_number, s->args[0], s->args[1], s->args[2], s->args[3], s->args[4], s->args[5], ret);
}
static __attribute__((constructor)) void begin(void) {
	install_sigill_handler();
	trap_all_mappings();
}
#else
static int hook(long nr, long a, long b, long c, long d, long e, long f, long *result) { return busy(nr, a, b, c, d, e, f); }
// child is called before libc has done anything in a thread.
static void child(void) {
	char text[30];
	snprintf(text, sizeof text, "%g %ls", 1.5, L"text");
	if (strcmp(text, "1.5 text"))
		bad = "a new thread's printf is not what it is";
}
static __attribute__((constructor)) void begin(void) {
	intercept_hook_point = hook;
	intercept_hook_point_clone_child = child;
	intercept_hook_point_post_kernel = behind;
}
#endif
static __attribute__((destructor)) void end(void) {
	if (bad)
		fprintf(stderr, "hook: %s\n", bad);
}
