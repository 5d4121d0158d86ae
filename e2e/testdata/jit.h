// Machine code that a program makes: one unit of it has a system call, a genuine
// ud2, and 0f 05 as an immediate and as data.
#ifndef JIT_H
#define JIT_H
#include "probe.h"
#include <sys/uio.h>
enum { jit_call = 0, jit_movabs = 16, jit_ud2 = 32, jit_pool = 48, jit_size = 60 };
static const unsigned char jit_unit[jit_size] = {
	[jit_call] = 0xb8, 110, 0, 0, 0, 0x0f, 0x05, 0xc3,                                // mov $SYS_getppid, %eax; syscall; ret
	[jit_movabs] = 0x48, 0xb8, 0x0f, 0x05, 0x0f, 0x05, 0x0f, 0x0b, 0x0f, 0x05, 0xc3,  // movabs $0x050f0b0f050f050f, %rax; ret
	[jit_ud2] = 0x0f, 0x0b, 0xb8, 7, 0, 0, 0, 0xc3,                                   // ud2; mov $7, %eax; ret
	[jit_pool] = 0x8b, 0x05, 2, 0, 0, 0, 0xc3, 0x90, 0x0f, 0x05, 0x0f, 0x05,          // mov 2(%rip), %eax; ret; nop; .long 0x050f050f
};
enum { jit_rw = PROT_READ | PROT_WRITE, jit_rx = PROT_READ | PROT_EXEC, jit_rwx = jit_rw | PROT_EXEC };

static long jit_run(const void *f) { return ((long (*)(void))f)(); }

static _Atomic int jit_ud2s;
static void jit_sigill(int s, siginfo_t *i, void *u) {
	greg_t *g = ((ucontext_t *)u)->uc_mcontext.gregs;
	jit_ud2s += (greg_t)i->si_addr == g[REG_RIP] && i->si_code == ILL_ILLOPN;
	g[REG_RIP] += 2;
}

// jit_blind is set where bytes that are executable cannot be read back as they
// were written: without Syscall User Dispatch.
static int jit_blind;
__attribute__((constructor)) static void jit_start(void) {
	jit_blind = getenv("JIT_BLIND") != NULL;
	on(SIGILL, jit_sigill, 0);
}

__attribute__((unused)) static void jit_put(unsigned char *p) { memcpy(p, jit_unit, jit_size); }

// jit_right runs the unit at p and says whether all of it did what it should.
__attribute__((unused)) static int jit_right(unsigned char *p) {
	int before = jit_ud2s;
	return jit_run(p + jit_call) == getppid() && jit_run(p + jit_movabs) == 0x050f0b0f050f050f &&
	       jit_run(p + jit_pool) == 0x050f050f && jit_run(p + jit_ud2) == 7 && jit_ud2s == before + 1 &&
	       (jit_blind || memcmp(p, jit_unit, jit_size) == 0);
}

__attribute__((unused)) static void jit_check(const char *what, unsigned char *p) {
	int before = jit_ud2s;
	long seven = jit_run(p + jit_ud2);
	say("%s: call %d movabs %lx pool %lx ud2 %ld counted %d", what, jit_run(p + jit_call) == getppid(),
	    jit_run(p + jit_movabs), jit_run(p + jit_pool), seven, jit_ud2s - before);
	if (!jit_blind)
		say("%s: bytes unchanged %d", what, memcmp(p, jit_unit, jit_size) == 0);
}

__attribute__((unused)) static unsigned char *jit_pages(size_t size, int prot) {
	unsigned char *p = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) {
		say("mmap: %s", strerrorname_np(errno));
		_exit(98);
	}
	return p;
}
#endif
