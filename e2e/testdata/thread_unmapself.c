// A thread that unmaps the stack it stands on and exits, without libc.
#include "probe.h"
static int tid;
static long start(char *top) {
	long r;
	__asm__ volatile("mov %[ctid], %%r10; xor %%r8d, %%r8d; syscall\n test %%rax, %%rax\n jnz 1f\n"
			 "mov $39, %%eax; syscall\n"
			 "lea -65536(%%rbx), %%rdi; mov $65536, %%esi; mov $11, %%eax; syscall\n"
			 "xor %%edi, %%edi; mov $60, %%eax; syscall; hlt\n1:"
			 : "=a"(r)
			 : "0"(SYS_clone), "D"(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID), "S"(top), "d"(&tid), "b"(top), [ctid] "r"((long)&tid)
			 : "rcx", "r8", "r10", "r11", "memory");
	return r;
}
int main(void) {
	int ok = 0;
	for (int i = 0; i < 50; i++) {
		char *m = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (start(m + 65536) <= 0)
			return 1;
		while (*(volatile int *)&tid)
			sched_yield();
		ok += mprotect(m, 65536, PROT_READ) == -1 && errno == ENOMEM;
	}
	say("gone %d", ok);
}
