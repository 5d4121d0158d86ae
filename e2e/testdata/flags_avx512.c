//e2e:need avx512
//e2e:flags -mavx512f -mavx512bw
// The registers that AVX-512 adds across a system call and a signal handler: zmm0 to
// zmm31 with their upper halves, and the masks k1 to k7.
//e2e:again SYSTRAP_DISCOVER=only
#include "probe.h"
#include <immintrin.h>
static unsigned char in[32][64] __attribute__((aligned(64))), out[32][64] __attribute__((aligned(64)));
static uint64_t masks_in[8], masks_out[8];
static void h(int s, siginfo_t *i, void *u) {
	__asm__ volatile("vpxord %%zmm5, %%zmm5, %%zmm5; vpxord %%zmm31, %%zmm31, %%zmm31; kxorq %%k3, %%k3, %%k3" : : : "xmm5", "k3");
	getppid();
}
#define LOAD(n) "vmovdqu64 64*" #n "(%[in]), %%zmm" #n "\n"
#define STORE(n) "vmovdqu64 %%zmm" #n ", 64*" #n "(%[out])\n"
#define ALL(F) F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14) F(15) \
	F(16) F(17) F(18) F(19) F(20) F(21) F(22) F(23) F(24) F(25) F(26) F(27) F(28) F(29) F(30) F(31)
#define KLOAD(n) "kmovq 8*" #n "(%[min]), %%k" #n "\n"
#define KSTORE(n) "kmovq %%k" #n ", 8*" #n "(%[mout])\n"
#define MASKS(F) F(1) F(2) F(3) F(4) F(5) F(6) F(7)
static long call(long nr, long a, long b) {
	long r;
	__asm__ volatile(ALL(LOAD) MASKS(KLOAD) "syscall\n" ALL(STORE) MASKS(KSTORE) "vzeroupper"
		: "=a"(r) : "0"(nr), "D"(a), "S"(b), [in] "r"(in), [out] "r"(out), [min] "r"(masks_in), [mout] "r"(masks_out)
		: "rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
		  "xmm12", "xmm13", "xmm14", "xmm15", "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25",
		  "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2", "k3", "k4", "k5", "k6", "k7");
	return r;
}
static void check(const char *what, long r) {
	int lost = 0, masks = 0;
	for (int i = 0; i < 32; i++)
		lost += memcmp(in[i], out[i], 64) != 0;
	for (int i = 1; i < 8; i++)
		masks += masks_in[i] != masks_out[i];
	say("%s: result %d, registers lost %d, masks lost %d", what, r >= 0, lost, masks);
	memset(out, 0, sizeof out);
	memset(masks_out, 0, sizeof masks_out);
}
int main(void) {
	for (int i = 0; i < 32; i++)
		for (int k = 0; k < 64; k++)
			in[i][k] = i * 7 + k * 3 + 1;
	for (int i = 0; i < 8; i++)
		masks_in[i] = 0x0123456789abcdef * (i + 1);
	on(SIGUSR1, h, 0);
	for (int i = 0; i < 20; i++)
		check("call", call(SYS_getppid, 0, 0));
	for (int i = 0; i < 20; i++)
		check("handler", call(SYS_kill, getpid(), SIGUSR1));
	pid_t p = call(SYS_fork, 0, 0);
	if (p > 0)
		say_child("fork", p);
	check(p ? "parent" : "child", p);
}
