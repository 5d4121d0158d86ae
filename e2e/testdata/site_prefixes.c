// Prefixes in front of a syscall instruction do nothing, but the fault of a trap is at the first one.
#include "probe.h"
#define CALL(name, bytes) \
	static long name(long n) { long r; __asm__ volatile(bytes ", 0x0f, 0x05" : "=a"(r) : "0"(n) : "rcx", "r11", "memory"); return r; }
CALL(rexw, ".byte 0x48")
CALL(rex, ".byte 0x40")
CALL(rep, ".byte 0xf3")
CALL(many, ".byte 0x66, 0x2e, 0xf2, 0x4f")
int main(void) {
	for (int i = 0; i < 3; i++)
		say("%d %d %d %d", rexw(SYS_getpid) == getpid(), rex(SYS_getpid) == getpid(), rep(SYS_getpid) == getpid(), many(SYS_getpid) == getpid());
}
