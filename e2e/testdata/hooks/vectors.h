// Vector state in the format of XSAVE (SDM vol. 1, 13.4), for the program and the hook of TestHooksVectors.
#include <cpuid.h>
#include <stdint.h>
#include <string.h>

enum { ASK = 5020 };                       // the call that the hook is to answer with how many it saw
enum { X87 = 1, SSE = 2, AVX = 4, MASKS = 32, HI256 = 64, HI16 = 128 };
enum { HEADER = 512, AREA = 8192, KNOWN = X87 | SSE | AVX | MASKS | HI256 | HI16 };

static uint32_t features(void) {
	uint32_t a, b, c, d;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & 1 << 27))
		return 0; // no XSAVE
	__asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	return a & KNOWN;
}
// part is where component n lies; x87 and SSE are in the first 512 bytes.
static uint32_t part(int n, uint32_t *size) {
	uint32_t a, b, c, d;
	__cpuid_count(0xd, n, a, b, c, d);
	*size = a;
	return b;
}
// fill makes an area in which the components of used are something, by seed, and all others are initial.
static void fill(unsigned char *area, uint32_t used, int seed) {
	uint32_t size, at;
	memset(area, 0, AREA);
	memcpy(area + HEADER, &used, sizeof used);
	for (int n = 2; n < 8; n++)
		if (used & 1 << n)
			for (at = part(n, &size); size > 0; size--, at++)
				area[at] = seed * 31 + n * 7 + at * 3 + 1;
	if (used & SSE)
		for (at = 160; at < 416; at++)
			area[at] = seed * 17 + at * 5 + 3;
	if (used & X87)
		for (at = 32; at < 160; at++)
			if (at % 16 < 10)
				area[at] = seed + at * 11;
}
