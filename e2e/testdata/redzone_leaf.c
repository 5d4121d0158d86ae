// The 128 bytes below rsp survive a system call made in a leaf function.
//e2e:again SYSTRAP_DISCOVER=only
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
int main(void) {
	long bad = 0, n = 0;
	for (int k = 0; k < 1000; k++) {
		long sum = 0;
		__asm__ volatile(
			"lea -128(%%rsp), %%rdi; mov $16, %%ecx; mov $0x1234567, %%eax\n1: mov %%rax, (%%rdi); add $8, %%rdi; inc %%rax; dec %%ecx; jnz 1b\n"
			"mov $39, %%eax; syscall\n"
			"lea -128(%%rsp), %%rdi; mov $16, %%ecx; mov $0x1234567, %%eax; xor %%edx, %%edx\n"
			"2: cmp %%rax, (%%rdi); je 3f; inc %%edx\n3: add $8, %%rdi; inc %%rax; dec %%ecx; jnz 2b\n"
			: "=d"(sum) : : "rax", "rcx", "rdi", "r11", "memory", "cc");
		bad += sum;
		n++;
	}
	say("%ld calls, %ld words lost", n, bad);
}
