// Single stepping over a call with the trap flag: a handler counts the steps.
#include "probe.h"
static volatile int steps, after;
extern char behind[];
static void h(int s, siginfo_t *i, void *u) {
	steps++;
	if (((ucontext_t *)u)->uc_mcontext.gregs[REG_RIP] == (long)behind)
		after = 1;
}
int main(void) {
	on(SIGTRAP, h, 0);
	__asm__ volatile("pushf; orl $0x100, (%%rsp); popf; mov $24, %%eax; syscall\n.globl behind\nbehind: nop; nop; pushf; andl $~0x100, (%%rsp); popf" : : : "rax", "rcx", "r11", "memory", "cc");
	say("steps %d, stopped behind the call %d", steps, after);
}
