// What a call leaves alone, with signals at every place: all arithmetic flags, DF, AC and ID, MXCSR, the x87 control word, vector
// registers, the red zone, and what a handler that comes in between finds of them. Masks and alternate stacks change
// between the calls, so that some traps return one way and some the other.
//e2e:again SYSTRAP_TRAP=int3
//e2e:again SYSTRAP_TRAP=hlt
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
static unsigned long in[16], out[20], xin[4][2], xout[4][2];
extern char first[] __asm__("first"), last[] __asm__("last");
static volatile long wrong_in_handler, signals, made;
#define CF_PF_AF_ZF_SF_OF 0x8d5
// call makes call nr with flags, from `first` on with all registers set, and stores them behind it.
__attribute__((noinline)) static void call(long nr, unsigned long flags) {
	__asm__ volatile(
		"push %%rbx; push %%rbp; sub $256, %%rsp\n"
		"movups %[x0], %%xmm0; movups %[x1], %%xmm5; movups %[x2], %%xmm10; movups %[x3], %%xmm15\n"
		"push %[fl]; mov %[nr], %%rax; lea %[in], %%r11\n"
		"mov 0(%%r11), %%rbx; mov 8(%%r11), %%rdx; mov 16(%%r11), %%rsi; mov 24(%%r11), %%rdi; mov 32(%%r11), %%rbp\n"
		"mov 40(%%r11), %%r8; mov 48(%%r11), %%r9; mov 56(%%r11), %%r10; mov 64(%%r11), %%r12; mov 72(%%r11), %%r13; mov 80(%%r11), %%r14; mov 88(%%r11), %%r15\n"
		"movq %%rbx, -16(%%rsp); movq %%r12, -120(%%rsp); popf\n"
		"first: syscall\n"
		"last: mov %%r11, %[o11]; pushf; pop %%r11; push %%rax; push $2; popf; pop %%rax\n"
		"mov %%r11, %[ofl]; mov %%rax, %[orax]; mov %%rcx, %[orcx]\n"
		"lea %[out], %%r11\n"
		"mov %%rbx, 0(%%r11); mov %%rdx, 8(%%r11); mov %%rsi, 16(%%r11); mov %%rdi, 24(%%r11); mov %%rbp, 32(%%r11)\n"
		"mov %%r8, 40(%%r11); mov %%r9, 48(%%r11); mov %%r10, 56(%%r11); mov %%r12, 64(%%r11); mov %%r13, 72(%%r11); mov %%r14, 80(%%r11); mov %%r15, 88(%%r11)\n"
		"movups %%xmm0, %[y0]; movups %%xmm5, %[y1]; movups %%xmm10, %[y2]; movups %%xmm15, %[y3]\n"
		"mov -128(%%rsp), %%rax; mov %%rax, %[ored]\n"
		"add $256, %%rsp; pop %%rbp; pop %%rbx\n"
		: [out] "=m"(out), [o11] "=m"(out[12]), [ofl] "=m"(out[13]), [orax] "=m"(out[14]), [orcx] "=m"(out[15]), [ored] "=m"(out[16]),
		  [y0] "=m"(xout[0]), [y1] "=m"(xout[1]), [y2] "=m"(xout[2]), [y3] "=m"(xout[3])
		: [in] "m"(in), [fl] "r"(flags), [nr] "r"(nr), [x0] "m"(xin[0]), [x1] "m"(xin[1]), [x2] "m"(xin[2]), [x3] "m"(xin[3])
		: "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc", "xmm0", "xmm5", "xmm10", "xmm15");
}
static int same(unsigned long flags) {
	unsigned long seen = CF_PF_AF_ZF_SF_OF | 0x400 | 0x40000 | 0x200000;
	return !memcmp(in, out, 96) && !memcmp(xin, xout, sizeof xin) && out[15] == (unsigned long)last && (out[13] & seen) == (flags & seen) && out[12] == out[13];
}
static void h(int s, siginfo_t *i, void *u) {
	greg_t *g = ((ucontext_t *)u)->uc_mcontext.gregs;
	unsigned long pc = g[REG_RIP];
	signals++;
	pace(ITIMER_REAL, made);
	if (pc != (unsigned long)first && pc != (unsigned long)last)
		return;
	static const int regs[] = {REG_RBX, REG_RDX, REG_RSI, REG_RDI, REG_RBP, REG_R8, REG_R9, REG_R10, REG_R12, REG_R13, REG_R14, REG_R15};
	int bad = pc == (unsigned long)last && (unsigned long)g[REG_RCX] != pc;
	for (int k = 0; k < 12; k++)
		bad |= (unsigned long)g[regs[k]] != in[k];
	unsigned long *sp = (unsigned long *)g[REG_RSP], (*x)[2] = (void *)((ucontext_t *)u)->uc_mcontext.fpregs->_xmm;
	// Above the stack pointer is what was there before popf.
	bad |= sp[-3] != in[0] || sp[-16] != in[8] || x[0][0] != xin[0][0] || x[5][1] != xin[1][1] || x[10][0] != xin[2][0] || x[15][1] != xin[3][1];
	bad |= ((ucontext_t *)u)->uc_mcontext.fpregs->mxcsr != 0x9fc0 || ((ucontext_t *)u)->uc_mcontext.fpregs->cwd != 0x0b7f;
	wrong_in_handler += bad;
}
static long rounds(int n, const long *numbers) {
	static const unsigned long more[] = {0, 0x400, 0x40000, 0x200000, 0x240400};
	long bad = 0;
	for (int k = 0; k < n; k++) {
		unsigned bits = k % 64, f = 0x202 | more[k / 64 % 5];
		f |= (bits & 1) | (bits & 2) << 1 | (bits & 4) << 2 | (bits & 8) << 3 | (bits & 16) << 3 | (bits & 32) << 6;
		for (int i = 0; i < 16; i++)
			in[i] = 0x1111111111111111ul * (i + 1) + k;
		in[2] = in[3] = in[1] = 0; // arguments: null pointers
		in[3] = (unsigned)-1;
		for (int i = 0; i < 8; i++)
			xin[i / 2][i % 2] = 0x0123456789abcdeful * (i + 3) + k;
		unsigned mxcsr = 0x9fc0, was_mx;
		unsigned short cw = 0x0b7f, was_cw;
		__asm__ volatile("stmxcsr %0; fnstcw %1; ldmxcsr %2; fldcw %3" : "=m"(was_mx), "=m"(was_cw) : "m"(mxcsr), "m"(cw));
		call(numbers[k % 4], f);
		unsigned mx_behind;
		unsigned short cw_behind;
		__asm__ volatile("stmxcsr %0; fnstcw %1; ldmxcsr %2; fldcw %3" : "=m"(mx_behind), "=m"(cw_behind) : "m"(was_mx), "m"(was_cw));
		bad += !same(f) || mx_behind != mxcsr || cw_behind != cw || out[16] != in[8];
		made++;
	}
	return bad;
}
int main(void) {
	// getppid, a sigprocmask that changes nothing, one that fails, a number that there is none of.
	static const long numbers[] = {SYS_getppid, SYS_rt_sigpending, SYS_sched_yield, 0x7000};
	static char stacks[2][65536];
	say("alone: wrong %ld", rounds(1280, numbers));
	for (int onstack = 0; onstack < 2; onstack++) {
		on(SIGALRM, h, SA_RESTART | (onstack ? SA_ONSTACK : 0));
		on(SIGPROF, h, SA_RESTART | SA_NODEFER | (onstack ? SA_ONSTACK : 0));
		struct itimerval v = {{0, 500}, {0, 500}}, none = {0};
		setitimer(ITIMER_REAL, &v, 0);
		long bad = 0;
		for (int i = 0; i < 30 || signals < 100; i++) {
			stack_t st = {.ss_sp = stacks[i & 1], .ss_size = sizeof stacks[0]};
			sigset_t usr = set_of(SIGUSR1, 0);
			if (onstack)
				sigaltstack(&st, 0);
			sigprocmask(i & 1 ? SIG_BLOCK : SIG_UNBLOCK, &usr, 0);
			bad += rounds(640, numbers);
		}
		setitimer(ITIMER_REAL, &none, 0);
		say("with signals: wrong %ld, seen by handlers %ld, enough %d", bad, wrong_in_handler, signals >= 100);
		signals = 0;
	}
}
