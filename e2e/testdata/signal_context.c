// What a handler sees of the program it interrupted in a blocking call: pc
// behind the call, its result (-EINTR) and its stack.
//e2e:again SYSTRAP_DISCOVER=only
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
extern char behind_read[];
static void *low, *high;
static void h(int s, siginfo_t *i, void *u) {
	greg_t *r = ((ucontext_t *)u)->uc_mcontext.gregs;
	say("pc behind the call %d rax %lld stack %d", r[REG_RIP] == (long)behind_read, r[REG_RAX], (void *)r[REG_RSP] >= low && (void *)r[REG_RSP] <= high);
	say("rdi %lld rdx %lld rbx %llx", r[REG_RDI], r[REG_RDX], r[REG_RBX]);
	r[REG_RBX] = 0x77;
	r[REG_R12] = 0x88;
}
int main(void) {
	int fds[2];
	char b[8];
	long ret, rbx, r12;
	if (pipe(fds))
		return 1;
	low = (char *)__builtin_frame_address(0) - 4096, high = (char *)__builtin_frame_address(0) + 4096;
	on(SIGALRM, h, 0);
	pid_t sender = signal_waiting(SIGALRM);
	__asm__ volatile("mov $0x1234, %%ebx; mov $0x5678, %%r12d; syscall\n.globl behind_read\nbehind_read: mov %%rbx, %1; mov %%r12, %2"
			 : "=a"(ret), "=r"(rbx), "=r"(r12) : "0"(SYS_read), "D"((long)fds[0]), "S"(b), "d"(8l) : "rbx", "r12", "rcx", "r11", "memory");
	waitpid(sender, NULL, 0);
	say("result %ld rbx %lx r12 %lx", ret, rbx, r12);
}
