// SYSTRAP_DISCOVER=only patches nothing: the text that makes the calls reads as it
// does natively, and each call is one that the kernel reported.
//e2e:env SYSTRAP_DISCOVER=only
//e2e:need dispatch
//e2e:report discovered 100
#include "probe.h"
extern unsigned char site[];
int main(void) {
	long r;
	for (int i = 0; i < 100; i++)
		__asm__ volatile(".ifndef site\n.globl site\nsite: .endif\nsyscall" : "=a"(r) : "0"(SYS_getppid) : "rcx", "r11", "memory");
	say("getppid %d, text %02x %02x", r == getppid(), site[0], site[1]);
}
