// A program that has each set of the components of vector state in use, across calls at which a hook changes each set of them.
#include "vectors.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned char in[AREA] __attribute__((aligned(64))), out[AREA] __attribute__((aligned(64)));

// cross loads in, makes a call, and saves out.
static void cross(uint32_t all, uint32_t changed) {
	register long r8 __asm__("r8") = (long)in;
	register long r9 __asm__("r9") = (long)out;
	register long r10 __asm__("r10") = all;
	__asm__ volatile("xrstor64 (%%r8)\n movl $110, %%eax\n syscall\n movl %%r10d, %%eax\n xorl %%edx, %%edx\n xsave64 (%%r9)"
		: : "a"(all), "d"(0), "D"((long)changed), "S"(4711L), "r"(r8), "r"(r9), "r"(r10) : "rcx", "r11", "memory");
}
// initial is what the program is to find where nothing is in use.
static void initial(unsigned char *area, uint32_t all, uint32_t there) {
	uint32_t size, at;
	for (int n = 2; n < 8; n++)
		if (all & ~there & 1 << n) {
			at = part(n, &size);
			memset(area + at, 0, size);
		}
	if (!(there & SSE))
		memset(area + 160, 0, 256);
	if (!(there & X87)) {
		memset(area, 0, 24);
		memset(area + 32, 0, 128);
		area[0] = 0x7f, area[1] = 3;
	}
}
static int differs(uint32_t all) {
	uint32_t size, at, there;
	memcpy(&there, out + HEADER, sizeof there);
	initial(out, all, there);
	for (int n = 2; n < 8; n++)
		if (all & 1 << n) {
			at = part(n, &size);
			if (memcmp(in + at, out + at, size))
				return 1 << n;
		}
	if (memcmp(in + 160, out + 160, 256) || memcmp(in + 24, out + 24, 4))
		return SSE;
	return memcmp(in, out, 24) || memcmp(in + 32, out + 32, 128) ? X87 : 0;
}
int main(int argc, char **argv) {
	uint32_t all = features() & strtoul(argv[1], 0, 0);
	static const uint32_t controls[] = {0x1f80, 0x1f80 | 0x6000 | 0x8040 | 0x21, 0x1fa0};
	static const uint16_t x87[] = {0x37f, 0x27f, 0xf7f};
	long calls = 0, lost = 0;
	for (uint32_t used = 0; used <= all; used++) {
		if (used & ~all)
			continue;
		for (uint32_t changed = 0; changed <= all; changed++) {
			if (changed & ~all)
				continue;
			for (int i = 0; i < 3; i++) {
				fill(in, used, calls);
				memcpy(in + 24, &controls[i], 4);
				memcpy(in, &x87[used & X87 ? i : 0], 2);
				if (used & X87)
					in[3] = i == 0 ? 0 : 0x28, in[4] = i == 0 ? 0 : 0xe0; // three values on the stack
				cross(all, changed);
				calls++;
				int what = differs(all);
				if (what && lost++ < 10)
					printf("%#x in use, %#x changed: lost %#x\n", used, changed, what);
			}
		}
	}
	fill(in, 0, 0);
	memcpy(in + 24, &controls[0], 4);
	cross(all, 0);
	printf("lost %ld, hooked %d\n", lost, syscall(ASK) == calls + 1);
	return calls == 0;
}
