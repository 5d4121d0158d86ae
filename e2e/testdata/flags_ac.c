// A call made with the alignment-check flag set.
#include "probe.h"
int main(void) {
	long r;
	__asm__ volatile("pushf; orl $0x40000, (%%rsp); popf; mov $24, %%eax; syscall; pushf; pop %0; pushf; andl $~0x40000, (%%rsp); popf" : "=r"(r) : : "rax", "rcx", "r11", "memory", "cc");
	say("AC %d", (r & 0x40000) != 0);
}
