// Thousands of executable mappings, made and dropped, all with calls in them.
#include "probe.h"
static const unsigned char code[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3};
int main(void) {
	enum { N = 1500 };
	static unsigned char *p[N];
	int ok = 0;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < N; i++) {
			p[i] = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			memcpy(p[i], code, sizeof code);
			mprotect(p[i], 4096, PROT_READ | PROT_EXEC); // the other page keeps neighbours apart
		}
		for (int i = 0; i < N; i++)
			ok += ((long (*)(void))p[i])() == getpid();
		for (int i = 0; i < N; i++)
			munmap(p[i], 8192);
	}
	say("ok %d", ok);
}
