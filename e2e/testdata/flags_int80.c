//e2e:need ia32
// The 32-bit entries from 64-bit code: int 0x80 works as natively.
#include "probe.h"
int main(void) {
	long r;
	__asm__ volatile("int $0x80" : "=a"(r) : "0"(20l) : "r8", "r9", "r10", "r11", "memory");
	say("getpid %d", r == getpid());
	__asm__ volatile("int $0x80" : "=a"(r) : "0"(-1l) : "r8", "r9", "r10", "r11", "memory");
	say("unknown %ld", (long)(int)r);
}
