//e2e:need avx2
//e2e:flags -mavx2
// All registers and flags across a system call: what SYSCALL changes (rax, rcx,
// r11) and nothing else.
//e2e:again SYSTRAP_DISCOVER=only
//e2e:again SYSTRAP_TRAP=int3
//e2e:again SYSTRAP_TRAP=hlt
#include "probe.h"
static void call(long flags, long nr) {
	__asm__ volatile(
		"push %%rbx; push %%rbp\n"
		"mov %[nr], %%rax; push %[fl]; lea regs_in(%%rip), %%r11\n"
		"vmovdqu in_base+0*32(%%rip), %%ymm0; vmovdqu in_base+7*32(%%rip), %%ymm7; vmovdqu in_base+15*32(%%rip), %%ymm15; vmovdqu in_base+8*32(%%rip), %%ymm8\n"
		"mov 0(%%r11), %%rbx; mov 8(%%r11), %%rdx; mov 16(%%r11), %%rsi; mov 24(%%r11), %%rdi; mov 32(%%r11), %%rbp\n"
		"mov 40(%%r11), %%r8; mov 48(%%r11), %%r9; mov 56(%%r11), %%r10; mov 64(%%r11), %%r12; mov 72(%%r11), %%r13; mov 80(%%r11), %%r14; mov 88(%%r11), %%r15\n"
		"movl $0x5a5a5a5a, -64(%%rsp); popf\n"
		"syscall\n1:\n"
		"mov %%r11, regs_out+88(%%rip); pushf; pop %%r11; mov %%r11, regs_out+96(%%rip); cld\n"
		"mov %%rax, regs_out(%%rip); mov %%rbx, regs_out+8(%%rip); mov %%rcx, regs_out+16(%%rip); mov %%rdx, regs_out+24(%%rip); mov %%rsi, regs_out+32(%%rip)\n"
		"mov %%rdi, regs_out+40(%%rip); mov %%rbp, regs_out+48(%%rip); mov %%r8, regs_out+56(%%rip); mov %%r9, regs_out+64(%%rip); mov %%r10, regs_out+72(%%rip)\n"
		"mov %%r12, regs_out+80(%%rip); xor %%r13, %%r14; xor %%r14, %%r15; mov %%r15, regs_out+104(%%rip)\n"
		"lea 1b(%%rip), %%rax; mov %%rax, regs_out+112(%%rip)\n"
		"vmovdqu %%ymm0, out_base+0*32(%%rip); vmovdqu %%ymm7, out_base+7*32(%%rip); vmovdqu %%ymm8, out_base+8*32(%%rip); vmovdqu %%ymm15, out_base+15*32(%%rip)\n"
		"pop %%rbp; pop %%rbx\n"
		: : [fl] "r"(flags), [nr] "r"(nr)
		: "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc",
		  "xmm0", "xmm7", "xmm8", "xmm15");
}
extern long regs_out[16] __asm__("regs_out"), regs_in[16] __asm__("regs_in");
long regs_out[16], regs_in[16];
extern unsigned char in_base[16][32] __asm__("in_base"), out_base[16][32] __asm__("out_base");
unsigned char in_base[16][32], out_base[16][32];
int main(void) {
	long flags[] = {0x202, 0x246, 0xad7, 0x6d7, 0x202 | 0x400, 0x202 | 0x200000};
	for (int i = 0; i < 16; i++) {
		memset(in_base[i], i * 11 + 5, 32);
		regs_in[i] = 0x1111111111111111 * (i + 1) + 0x8000000000000000ul * (i & 1);
	}
	for (int k = 0; k < 6; k++)
		for (int j = 0; j < 2; j++) {
			call(flags[k], j ? SYS_getppid + 0x7000 : SYS_sched_yield);
			say("flags %lx rax %ld rcx is next %d r11 %lx flags after %lx", flags[k], regs_out[0], regs_out[2] == regs_out[14], regs_out[11], regs_out[12]);
			for (int i = 1; i < 11; i++)
				if (i != 2)
					say("  %d %lx", i, regs_out[i]);
			say("  %lx vectors %d %d %d %d", regs_out[13], memcmp(in_base[0], out_base[0], 32), memcmp(in_base[7], out_base[7], 32),
			    memcmp(in_base[8], out_base[8], 32), memcmp(in_base[15], out_base[15], 32));
		}
}
