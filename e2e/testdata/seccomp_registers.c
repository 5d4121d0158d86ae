//e2e:need seccomp
//e2e:flags -fno-pie -no-pie
// Behind a filter that forbids rt_sigreturn: registers, flags, vector registers and the
// red zone are as a call leaves them; masks and threads, timers whose handlers
// leave by siglongjmp, bad pointers.
#include "probe.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
static void forbid(void) {
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigreturn, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog p = {4, f};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	say_result(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &p));
}
// keeps makes a call and says whether everything but rax, rcx and r11 came back.
unsigned long g[14], x[4], red[3];
static int keeps(void) {
	__asm__ volatile(
		"mov $0x1111, %%rbx; mov $0x2222, %%r12; mov $0x3333, %%r13; mov $0x4444, %%r14; mov $0x5555, %%r15\n"
		"mov $0x66, %%rdi; mov $0x77, %%rsi; mov $0x88, %%rdx; mov $0x99, %%r8; mov $0xaa, %%r9; mov $0xbb, %%r10\n"
		"movq %%rbx, %%xmm0; movq %%r12, %%xmm7; movq %%r13, %%xmm8; movq %%r15, %%xmm15\n"
		"movq %%rbx, -8(%%rsp); movq %%r12, -64(%%rsp); movq %%r13, -128(%%rsp)\n"
		"std; stc; mov $110, %%eax; syscall\n"
		"pushfq; pop %%rax; cld\n"
		"mov %%rbx, g+0(%%rip); mov %%r12, g+8(%%rip); mov %%r13, g+16(%%rip); mov %%r14, g+24(%%rip); mov %%r15, g+32(%%rip)\n"
		"mov %%rdi, g+40(%%rip); mov %%rsi, g+48(%%rip); mov %%rdx, g+56(%%rip); mov %%r8, g+64(%%rip); mov %%r9, g+72(%%rip); mov %%r10, g+80(%%rip)\n"
		"mov %%rax, g+88(%%rip)\n"
		"movq %%xmm0, x+0(%%rip); movq %%xmm7, x+8(%%rip); movq %%xmm8, x+16(%%rip); movq %%xmm15, x+24(%%rip)\n"
		"mov -64(%%rsp), %%rax; mov %%rax, red+8(%%rip); mov -128(%%rsp), %%rax; mov %%rax, red+16(%%rip)\n"
		:::"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0", "xmm7", "xmm8", "xmm15", "memory");
	static const unsigned long want[] = {0x1111, 0x2222, 0x3333, 0x4444, 0x5555, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb};
	int same = !memcmp(g, want, sizeof want) && x[0] == 0x1111 && x[1] == 0x2222 && x[2] == 0x3333 && x[3] == 0x5555;
	return same && (g[11] & 0x401) == 0x401 && red[1] == 0x2222 && red[2] == 0x3333;
}
static volatile int ticks;
static volatile long made;
static sigjmp_buf out;
static void tick(int s) {
	ticks++;
	pace(ITIMER_REAL, made);
	siglongjmp(out, 1);
}
static void calls(const char *who) {
	int n = 0;
	for (int i = 0; i < 2000; i++)
		n += keeps();
	say("%s: %d of 2000", who, n);
}
static void *before(void *p) {
	pthread_barrier_wait(p);
	pthread_barrier_wait(p);
	calls("thread of before");
	return 0;
}
static void *after(void *p) {
	calls("thread of after");
	return 0;
}
static void run(void) {
	pthread_barrier_t b;
	pthread_barrier_init(&b, 0, 2);
	pthread_t t;
	pthread_create(&t, 0, before, &b);
	pthread_barrier_wait(&b);
	forbid();
	calls("main");
	pthread_barrier_wait(&b);
	pthread_join(t, 0);
	pthread_create(&t, 0, after, 0);
	pthread_join(t, 0);
	sigset_t s = set_of(SIGUSR1, SIGILL, 0);
	sigprocmask(SIG_BLOCK, &s, 0);
	say_mask("blocked");
	sigprocmask(SIG_UNBLOCK, &s, 0);
	say_mask("unblocked");
	say_result(raw6(SYS_rt_sigprocmask, SIG_BLOCK, 8, 0, 8, 0, 0));
	say_result(raw6(SYS_write, 1, 8, 4, 0, 0, 0));
	signal(SIGALRM, tick);
	struct itimerval v = {{0, 2000}, {0, 2000}};
	if (!sigsetjmp(out, 1)) // before a signal can jump there
		setitimer(ITIMER_REAL, &v, 0);
	while (ticks < 50) {
		if (!sigsetjmp(out, 1))
			for (;; made++)
				getppid();
	}
	v = (struct itimerval){0};
	setitimer(ITIMER_REAL, &v, 0);
	calls("after timers");
	pid_t p = fork();
	if (!p) {
		calls("child");
		_exit(2);
	}
	say_child("child", p);
	if (!(p = vfork()))
		_exit(keeps());
	say_child("vfork", p);
}
int main(void) { in_child("run", run); }
