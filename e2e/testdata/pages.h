// Functions in two pages of their own, with unwind data, so that the syscalls in
// them are proven and patched. The last one straddles the two.
#ifndef PAGES_H
#define PAGES_H
#include "probe.h"
#define FUNCTION(name, code) \
	".globl " name "\n.type " name ",@function\n" name ":\n.cfi_startproc\n" code "\nret\n.cfi_endproc\n.size " name ",.-" name "\n"
__asm__(".pushsection .text.pages,\"ax\",@progbits\n.balign 4096\n"
	FUNCTION("page_getppid", "mov $110, %eax\nsyscall")
	FUNCTION("page_prefixed", "mov $110, %eax\n.byte 0x48\nsyscall")
	FUNCTION("page_call", "mov %rdi, %rax\nmov %rsi, %rdi\nmov %rdx, %rsi\nmov %rcx, %rdx\nsyscall")
	FUNCTION("page_ud2", "ud2\nmov $7, %eax")
	".skip 4096 - 6 - (. - page_getppid), 0xcc\n"
	FUNCTION("page_straddling", "mov $110, %eax\nsyscall")
	".balign 4096\n.globl page_end\npage_end:\n.popsection");
extern char page_getppid[], page_prefixed[], page_call[], page_ud2[], page_straddling[], page_end[];
enum { pages_size = 8192 };
#define PAGES ((void *)page_getppid)
static long page_run(char *f) { return ((long (*)(void))f)(); }

static int page_ud2s;
static void page_sigill(int s, siginfo_t *i, void *u) {
	page_ud2s += i->si_addr == page_ud2;
	((ucontext_t *)u)->uc_mcontext.gregs[REG_RIP] += 2;
}

// page_runs calls all of them n times.
static void page_runs(const char *what, int n) {
	int right = 0;
	on(SIGILL, page_sigill, 0);
	page_ud2s = 0;
	for (int i = 0; i < n; i++)
		right += page_run(page_getppid) == getppid() && page_run(page_prefixed) == getppid() &&
		         page_run(page_straddling) == getppid() && page_run(page_ud2) == 7;
	say("%s: right %d of %d, genuine ud2 %d", what, right, n, page_ud2s);
}

// page_maps prints what the mappings of a range are: sizes in pages, permissions,
// offsets, and from smaps key and flags (without "sd", which the kernel sets at will).
__attribute__((unused)) static void page_maps(const char *what, void *at, size_t size) {
	unsigned long from = (unsigned long)at, to = from + size, lo = 0, hi = 0, off;
	char line[4096 + 200], perms[8];
	int in = 0;
	FILE *f = fopen("/proc/self/smaps", "r");
	while (fgets(line, sizeof line, f)) {
		int key;
		if (sscanf(line, "%lx-%lx %7s %lx", &lo, &hi, perms, &off) == 4) {
			in = lo < to && from < hi;
			if (in)
				say("%s: %lu pages %s offset %lx", what, (hi - lo) / 4096, perms, off);
		} else if (in && sscanf(line, "ProtectionKey: %d", &key) == 1)
			say("%s: key %d", what, key);
		else if (in && strncmp(line, "VmFlags:", 8) == 0) {
			line[strcspn(line, "\n")] = 0;
			char *sd = strstr(line, " sd");
			if (sd)
				memmove(sd, sd + 3, strlen(sd + 3) + 1);
			say("%s: %s", what, line);
		}
	}
	fclose(f);
}
#endif
