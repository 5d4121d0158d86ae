// Code made at run time: RW to RX with calls, rewritten, moved, unmapped and
// made again; a genuine ud2 in it; 0f 05 as data; RWX.
//e2e:again SYSTRAP_DISCOVER=0
#include "probe.h"
static unsigned char code[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3};      // getpid
static unsigned char code2[] = {0xb8, 110, 0, 0, 0, 0x0f, 0x05, 0xc3};    // getppid
static unsigned char imm[] = {0x48, 0xb8, 0x0f, 5, 0x0f, 5, 0, 0, 0, 0, 0xc3}; // mov $0x050f050f, %rax
static unsigned char bad[] = {0x0f, 0x0b, 0xb8, 7, 0, 0, 0, 0xc3};
static void h(int s, siginfo_t *i, void *u) {
	((ucontext_t *)u)->uc_mcontext.gregs[REG_RIP] += 2;
	say("genuine ud2");
}
static long run(void *p) { return ((long (*)(void))p)(); }
int main(void) {
	int rw = PROT_READ | PROT_WRITE, rx = PROT_READ | PROT_EXEC;
	unsigned char *m = mmap(NULL, 8192, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	on(SIGILL, h, 0);
	memcpy(m, code, sizeof code);
	mprotect(m, 8192, rx);
	say("getpid %d", run(m) == getpid());
	say("bytes unchanged while executable %d", memcmp(m, code, sizeof code) == 0);
	mprotect(m, 8192, rw);
	say("bytes unchanged %d", memcmp(m, code, sizeof code) == 0);
	memcpy(m, code2, sizeof code2);
	memcpy(m + 64, imm, sizeof imm);
	memcpy(m + 128, bad, sizeof bad);
	memcpy(m + 4090, code, sizeof code); // the instruction straddles two pages
	mprotect(m, 8192, rx);
	say("getppid %d imm %lx bad %ld", run(m) == getppid(), run(m + 64), run(m + 128));
	say("straddling %d", run(m + 4090) == getpid());
	unsigned char *n = mremap(m, 8192, 16384, MREMAP_MAYMOVE);
	say("after mremap %d", run(n) == getppid());
	munmap(n, 16384);
	m = mmap(n, 8192, rw, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memcpy(m, bad, sizeof bad);
	mprotect(m, 8192, rx);
	say("new code at the old place %ld", run(m));
	unsigned char *x = mmap(NULL, 4096, rw | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(x, code, sizeof code);
	say("rwx %d", run(x) == getpid());
	memcpy(x, code2, sizeof code2);
	say("rwx rewritten %d", run(x) == getppid());
	mprotect(x, 4096, rw | PROT_EXEC);
	say("rwx again %d", run(x) == getppid());
	int fd = memfd_create("jit", 0);
	if (ftruncate(fd, 4096))
		return 1;
	unsigned char *w = mmap(NULL, 4096, rw, MAP_SHARED, fd, 0), *e = mmap(NULL, 4096, rx, MAP_SHARED, fd, 0);
	memcpy(w, code, sizeof code);
	say("two views %d, writable view unchanged %d", run(e) == getpid(), memcmp(w, code, sizeof code) == 0);
	madvise(m, 4096, MADV_DONTNEED);
	mprotect(m, 4096, rw);
	say("zeroed %d", m[0] == 0);
}
