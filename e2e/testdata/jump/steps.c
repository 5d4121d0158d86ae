// A call with known registers, over and over, that a tracer stops at each instruction of the jump door and gives a
// signal there (TestJumpSteps). Its handler looks whether its frame shows the program; what is wrong is printed, and counted.
//
// Usage: steps plain|onstack|longjmp|mask|brief|hook FLAGS
//
// With hook a function in C is called before each call: a signal may find that, or where it is called.
//
// It is a shared library, beside the program that calls it, one that is near the library's own text; or a program, far from it.
//
// It prints the addresses of the call and waits for a byte on standard input. From then on there are two traps for the
// tracer in each round, before the call and behind it, until that sets `done`.
#include <cpuid.h>
#include <execinfo.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { RED = 16, ARITHMETIC = 0xcd5 }; // CF, PF, AF, ZF, SF, DF, OF
volatile uint64_t done, handled, found; // found: where the last signal found the program
uint64_t want[16], got[16]; // by the numbers of REG_R8 … (ucontext.h); want_rsp apart
uint64_t want_flags, got_flags, want_rsp, got_rsp, want_return, zone[RED], got_zone[RED], has_avx;
uint8_t want_vector[16][32], got_vector[16][32];
static int wrong, made_seen, mode;
static uint64_t result; // of the call of this round
static sigjmp_buf out;

#define EACH(M) M(0) M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9) M(10) M(11) M(12) M(13) M(14) M(15)
#define LOAD_X(n) "movups 32*" #n "+want_vector(%rip), %xmm" #n "\n"
#define SAVE_X(n) "movups %xmm" #n ", 32*" #n "+got_vector(%rip)\n"
#define LOAD_Y(n) "vmovups 32*" #n "+want_vector(%rip), %ymm" #n "\n"
#define SAVE_Y(n) "vmovups %ymm" #n ", 32*" #n "+got_vector(%rip)\n"
#define LOAD_ZONE(n) "movq 8*" #n "+zone(%rip), %rax\nmovq %rax, 8*" #n "-128(%rsp)\n"
#define SAVE_ZONE(n) "movq 8*" #n "-128(%rsp), %rax\nmovq %rax, 8*" #n "+got_zone(%rip)\n"
#define REGS(M) M(0, r8) M(1, r9) M(2, r10) M(4, r12) M(5, r13) M(6, r14) M(7, r15) M(8, rdi) M(9, rsi) M(10, rbp) M(11, rbx) M(12, rdx) M(13, rax)
#define LOAD_R(n, r) "movq 8*" #n "+want(%rip), %" #r "\n"
#define SAVE_R(n, r) "movq %" #r ", 8*" #n "+got(%rip)\n"
#define PUSH(r) "push %" #r "\n.cfi_adjust_cfa_offset 8\n.cfi_rel_offset " #r ", 0\n"
#define STEP(name, insn) __asm__(".text\n.globl " name ", " name "_insn, " name "_site, " name "_behind, " name "_end\n" \
	".type " name ", @function\n.balign 64\n" name ":\n.cfi_startproc\n" \
	"movq (%rsp), %rax; movq %rax, want_return(%rip)\n" \
	PUSH(rbx) PUSH(rbp) PUSH(r12) PUSH(r13) PUSH(r14) PUSH(r15) \
	"movq %rsp, got_rsp(%rip); subq $1000, %rsp\n.cfi_adjust_cfa_offset 1000\nmovq %rsp, want_rsp(%rip)\n" \
	"cmpq $0, has_avx(%rip); je 1f\n" EACH(LOAD_Y) "jmp 2f\n1:\n" EACH(LOAD_X) "2:\n" \
	"pushq want_flags(%rip); popfq\n" /* from here on nothing changes flags */ \
	EACH(LOAD_ZONE) REGS(LOAD_R) "int3\n.balign 16, 0x90\n" \
	name "_insn: " insn "\n" \
	name "_site: syscall\n" \
	name "_behind:\n" REGS(SAVE_R) "movq %rcx, 8*14+got(%rip); movq %r11, 8*3+got(%rip)\n" EACH(SAVE_ZONE) \
	"xchgq got_rsp(%rip), %rsp\n.cfi_adjust_cfa_offset -1000\n" /* has the program's now */ \
	"pushfq; popq got_flags(%rip); cld; " name "_end: int3\n" \
	"cmpq $0, has_avx(%rip); je 1f\n" EACH(SAVE_Y) "vzeroupper; jmp 2f\n1:\n" EACH(SAVE_X) "2:\n" \
	"pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n.cfi_endproc\n.size " name ", . - " name "\n")
STEP("seek", "movl $8, %eax"); // SYS_lseek
STEP("mask", "movl $14, %eax"); // SYS_rt_sigprocmask
STEP("brief", "movl %ebx, %eax"); // a jump has no room there
#define DECLARE(name) extern char name##_insn[], name##_site[], name##_behind[], name##_end[]; void name(void);
DECLARE(seek)
DECLARE(mask)
DECLARE(brief)
static char *step_insn = seek_insn, *step_site = seek_site, *step_behind = seek_behind, *step_end = seek_end;
static void (*step)(void) = seek;
static uint64_t number = SYS_lseek;

static void differ(const char *what, int i, uint64_t is, uint64_t should)
{
	if (is == should)
		return;
	wrong++;
	char b[160];
	int n = snprintf(b, sizeof b, "%s %d: %#lx, should be %#lx\n", what, i, is, should);
	if (write(2, b, n) != n)
		abort();
}

static uint64_t known_fs; // which the tracer may change (the C library's are not usable then)
static uint64_t fs_base(void)
{
	uint64_t base;
	__asm__("rdfsbase %0" : "=r"(base));
	return base;
}

static void handler(int s, siginfo_t *si, void *u)
{
	ucontext_t *uc = u;
	greg_t *r = uc->uc_mcontext.gregs;
	uint64_t rip = r[REG_RIP];
	handled++;
	found = rip;
	made_seen = rip == (uint64_t)step_behind;
	for (int i = 0; i < RED; i++)
		differ("handler: red zone", i, ((uint64_t *)(want_rsp - 128))[i], zone[i]);
	if (mode == 'h' && !made_seen && rip != (uint64_t)step_site && rip != (uint64_t)step_insn)
		return;
	if (!made_seen && rip != (uint64_t)step_site && rip != (uint64_t)step_insn)
		differ("handler: rip", 0, rip, (uint64_t)step_site);
	for (int i = 0; i < 13; i++)
		if (i != 3)
			differ("handler: register", i, r[i], want[i]);
	differ("handler: rax", 0, r[REG_RAX], made_seen ? result : rip == (uint64_t)step_insn ? want[13] : number);
	differ("handler: rsp", 0, r[REG_RSP], want_rsp);
	differ("handler: flags", 0, r[REG_EFL] & ARITHMETIC, want_flags & ARITHMETIC);
	if (number == SYS_rt_sigprocmask)
		differ("handler: mask", 0, sigismember(&uc->uc_sigmask, SIGUSR2), made_seen);
	if (made_seen) {
		differ("handler: rcx", 0, r[REG_RCX], rip);
		differ("handler: r11", 0, r[REG_R11] & ARITHMETIC, want_flags & ARITHMETIC);
	}
	uint8_t *fp = (uint8_t *)uc->uc_mcontext.fpregs;
	for (int i = 0; i < 16; i++) {
		differ("handler: xmm low", i, *(uint64_t *)(fp + 160 + 16 * i), *(uint64_t *)want_vector[i]);
		differ("handler: xmm high", i, *(uint64_t *)(fp + 168 + 16 * i), *(uint64_t *)(want_vector[i] + 8));
	}
	if (has_avx && *(uint32_t *)(fp + 464) == 0x46505853) {
		unsigned a, at, c, d;
		__cpuid_count(13, 2, a, at, c, d);
		int there = *(uint64_t *)(fp + 512) >> 2 & 1;
		for (int i = 0; i < 16; i++)
			for (int k = 0; k < 16; k += 8)
				differ("handler: ymm", i, there ? *(uint64_t *)(fp + at + 16 * i + k) : 0, *(uint64_t *)(want_vector[i] + 16 + k));
	}
	if (fs_base() == known_fs) { // libgcc's unwinder finds the program, too
		void *stack[64];
		int n = backtrace(stack, 64), i = 0;
		while (i < n && (uint64_t)stack[i] != rip)
			i++;
		differ("handler: backtrace: call", i, i < n, 1);
		differ("handler: backtrace: caller", i, i + 1 < n ? (uint64_t)stack[i + 1] : 0, want_return);
	}
	if (mode == 'l')
		siglongjmp(out, 1);
}

__attribute__((visibility("default"))) int steps(int argc, char **argv)
{
	static char stack[65536];
	stack_t ss = {.ss_sp = stack, .ss_size = sizeof stack};
	mode = argv[1][0];
	struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | (mode == 'o' ? SA_ONSTACK : 0)};
	if (mode == 'm') {
		step_insn = mask_insn, step_site = mask_site, step_behind = mask_behind, step_end = mask_end;
		step = mask;
		number = SYS_rt_sigprocmask;
	}
	if (mode == 'b') {
		step_insn = brief_insn, step_site = brief_site, step_behind = brief_behind, step_end = brief_end;
		step = brief;
	}
	unsigned base = strtoul(argv[2], NULL, 0), eax, ebx, ecx, edx;
	known_fs = fs_base();
	void *first[2];
	backtrace(first, 2); // it loads libgcc
	sigaltstack(&ss, NULL);
	sigaction(SIGUSR1, &a, NULL);
	__cpuid(1, eax, ebx, ecx, edx);
	has_avx = ecx >> 28 & 1 && ecx >> 27 & 1;
	int fd = open("/proc/self/maps", O_RDONLY);
	fd = open("count", O_RDWR | O_CREAT, 0600);
	printf("%p %p %p %p %p %p\n", step_insn, step_site, step_behind, step_end, (void *)&done, (void *)&found);
	fflush(stdout);
	char c;
	if (read(0, &c, 1) != 1)
		return 2;
	static volatile uint64_t rounds;
	static volatile uint64_t position;
	while (!done) {
		rounds++;
		for (uint64_t i = 0; i < 16; i++)
			want[i] = 0x1234567800000000 * (i + 1) + rounds * 77 + i;
		want[8] = fd, want[9] = 1, want[12] = SEEK_CUR;
		if (mode == 'b')
			want[11] = SYS_lseek;
		for (int i = 0; i < RED; i++)
			zone[i] = ~rounds * 31 + i;
		for (int i = 0; i < 16; i++)
			for (int k = 0; k < 32; k++)
				want_vector[i][k] = rounds + 37 * i + 5 * k;
		uint64_t n = rounds;
		want_flags = 0x202 | base | (n & 1) | (n >> 1 & 1) << 2 | (n >> 2 & 1) << 4 | (n >> 3 & 1) << 6 | (n >> 4 & 1) << 7 | (n >> 5 & 1) << 11;
		result = position + 1;
		if (sigsetjmp(out, 1)) {
			position += made_seen;
			differ("position", 0, lseek(fd, 0, SEEK_CUR), position);
			continue;
		}
		uint64_t set = 1 << (SIGUSR2 - 1), old = 1;
		if (mode == 'm') {
			want[8] = SIG_BLOCK, want[9] = (uint64_t)&set, want[12] = (uint64_t)&old, want[2] = sizeof set;
			result = 0;
		}
		step();
		if (mode == 'm') {
			sigset_t now, none;
			sigemptyset(&none);
			sigprocmask(SIG_SETMASK, &none, &now);
			differ("old mask", 0, old, 0);
			differ("mask", 0, *(uint64_t *)&now, set);
		} else
			position++;
		want[13] = result;
		for (int i = 0; i < 14; i++)
			if (i != 3)
				differ("register", i, got[i], want[i]);
		differ("rcx", 0, got[14], (uint64_t)step_behind);
		differ("r11", 0, got[3] & ARITHMETIC, want_flags & ARITHMETIC);
		differ("flags", 0, got_flags & ARITHMETIC, want_flags & ARITHMETIC);
		differ("rsp", 0, got_rsp, want_rsp);
		for (int i = 0; i < RED; i++)
			differ("red zone", i, got_zone[i], zone[i]);
		for (int i = 0; i < 16; i++)
			differ("vector", i, memcmp(got_vector[i], want_vector[i], has_avx ? 32 : 16), 0);
	}
	printf("rounds %lu handled %lu wrong %d\n", rounds, handled, wrong);
	return wrong != 0;
}
