// Raw clone without libc: a thread on a stack of its own, and a child process.
#include "probe.h"
static int parent_tid, child_tid, cleared = 1;
static volatile int ran;
static char stack1[32768] __attribute__((aligned(64))), stack2[32768] __attribute__((aligned(64)));
// The child must not touch the parent's frame: all in assembly.
static long raw_clone(unsigned long flags, void *stack, int *ptid, int *ctid, void (*fn)(void)) {
	register long r10 __asm__("r10") = (long)ctid, r8 __asm__("r8") = 0;
	long r;
	((void **)stack)[-1] = fn;
	__asm__ volatile("syscall\n test %%rax,%%rax\n jnz 1f\n pop %%rax\n xor %%ebp,%%ebp\n call *%%rax\n"
			 " xor %%edi,%%edi\n mov $60,%%eax\n syscall\n ud2\n1:"
			 : "=a"(r) : "0"(SYS_clone), "D"(flags), "S"((char *)stack - 8), "d"(ptid), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
	return r;
}
static void body(void) {
	static const char m[] = "in the thread\n";
	raw6(SYS_write, 1, (long)m, sizeof m - 1, 0, 0, 0);
	ran = 1;
}
static void proc(void) {
	static const char m[] = "in the process\n";
	raw6(SYS_write, 1, (long)m, sizeof m - 1, 0, 0, 0);
	raw6(SYS_exit_group, 6, 0, 0, 0, 0, 0);
}
int main(void) {
	long r = raw_clone(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
			   stack1 + sizeof stack1, &parent_tid, &cleared, body);
	while (*(volatile int *)&cleared)
		syscall(SYS_futex, &cleared, 0, 1, &(struct timespec){0, 10000000}, 0, 0);
	say("tid %d", r > 0 && r == parent_tid);
	say("ran %d", ran);
	r = raw_clone(SIGCHLD | CLONE_CHILD_SETTID | CLONE_PARENT_SETTID, stack2 + sizeof stack2, &parent_tid, &child_tid, proc);
	say_child("process", r);
	say("pid %d", r > 0 && r == parent_tid);
	r = raw_clone(SIGCHLD | CLONE_VM, stack2 + sizeof stack2, 0, 0, proc);
	say_child("shared memory", r);
	r = raw_clone(CLONE_VM | CLONE_VFORK | SIGCHLD, stack2 + sizeof stack2, 0, 0, proc);
	say_child("vfork with stack", r);
	signal(SIGUSR2, SIG_IGN);
	r = raw_clone(SIGUSR2 | CLONE_VM, stack2 + sizeof stack2, 0, 0, body);
	say_child("other exit signal", r);
	say("errno %ld", raw_clone(CLONE_THREAD, stack2 + sizeof stack2, 0, 0, body));
	say("errno %ld", raw_clone(CLONE_SIGHAND, stack2 + sizeof stack2, 0, 0, body));
}
