//e2e:report trapped 8000
//e2e:again SYSTRAP_TRAP=hlt
// More functions with calls than are searched one by one, and calls in no function that unwind
// tables know; then a filter that ends the kernel's reports for the child.
#include "filters.h"
#define ONE(n) __attribute__((noinline)) static long f##n(void) { return raw6(SYS_getppid, n, 0, 0, 0, 0, 0); }
#define TEN(n) ONE(n##0) ONE(n##1) ONE(n##2) ONE(n##3) ONE(n##4) ONE(n##5) ONE(n##6) ONE(n##7) ONE(n##8) ONE(n##9)
#define ALL TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) TEN(6) TEN(7) TEN(8) TEN(9) TEN(10) TEN(11) TEN(12) TEN(13) TEN(14) TEN(15) \
	TEN(16) TEN(17) TEN(18) TEN(19) TEN(20) TEN(21) TEN(22) TEN(23) TEN(24) TEN(25) TEN(26) TEN(27) TEN(28) TEN(29) TEN(30)
ALL
#undef ONE
#define ONE(n) f##n,
static long (*const all[])(void) = {ALL};
__asm__(".text\n.fill 128, 1, 0x90\nbare_ppid: mov $110, %eax\nsyscall\nret\n"
	".fill 64, 1, 0x90\nbare_pid: mov $39, %eax\nsyscall\nret\n.fill 64, 1, 0x90\n");
extern long bare_ppid(void), bare_pid(void);
enum { count = sizeof all / sizeof *all };
static long calls(int rounds) {
	long wrong = 0, parent = getppid(), self = getpid();
	for (int i = 0; i < rounds; i++) {
		for (int k = 0; k < count; k++)
			wrong += all[k]() != parent;
		wrong += bare_ppid() != parent || bare_pid() != self;
	}
	return wrong;
}
int main(void) {
	say("%d functions, %ld wrong", count, calls(12));
	refuse(SYS_prctl, SECCOMP_RET_KILL_PROCESS);
	pid_t p = fork();
	if (!p)
		_exit(calls(15));
	say_child("behind the filter", p);
}
