// A call made while rsp does not point at a stack: natively the kernel does not
// look at it.
#include "probe.h"
static long saved;
int main(void) {
	long r;
	__asm__ volatile("mov %%rsp, %1; mov $16, %%esp; syscall; mov %1, %%rsp" : "=a"(r), "+m"(saved) : "0"(SYS_getppid) : "rcx", "r11", "memory");
	say("getppid %d", r == getppid());
}
