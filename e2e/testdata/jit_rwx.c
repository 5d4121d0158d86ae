// Writable and executable at once: code that rewrites itself between calls, and
// one thread that runs what another patches: how often is for the scheduler to say, 60 times at least.
//e2e:again SYSTRAP_DISCOVER=0 JIT_BLIND=1
//e2e:need dispatch
//e2e:report discovered 1700
#include "jit.h"

// rewriting makes a loop whose every turn stores into the instructions of the
// next: the number of its call, and whether it is a call or a ud2.
static void rewriting(unsigned char *p) {
	static const unsigned char loop[] = {
		0x53,                         // push %rbx
		0x31, 0xdb,                   // xor %ebx, %ebx
		0xb8, 110, 0, 0, 0,           // 3: mov $nr, %eax
		0x0f, 0x05,                   // 8: syscall, or ud2
		0x01, 0xc3,                   // add %eax, %ebx
		0x80, 0x35, 0xf1, 0xff, 0xff, 0xff, 110 ^ 39, // 12: xorb $x, -15(%rip): the number at 4
		0x80, 0x35, 0xef, 0xff, 0xff, 0xff, 0x05 ^ 0x0b, // 19: xorb $x, -17(%rip): the byte at 9
		0xff, 0xcf,                   // dec %edi
		0x75, 0xe5,                   // jnz 3
		0x89, 0xd8,                   // mov %ebx, %eax
		0x5b, 0xc3,                   // pop %rbx; ret
	};
	memcpy(p, loop, sizeof loop);
	int before = jit_ud2s;
	unsigned sum = ((long (*)(int))p)(1000);
	// Even turns call getppid; odd ones are a ud2 with getpid's number in eax.
	say("loop: sum %d, ud2 %d", sum == 500u * getppid() + 500u * 39, jit_ud2s - before);
	say("loop: bytes as at first %d", memcmp(p, loop, sizeof loop) == 0);
}

static unsigned char *code;
static _Atomic int stop, turns;
static void *patcher(void *p) {
	for (int n = 0; n < 400; n++) {
		// One aligned store for the instruction: a fetch sees either (SDM vol. 3, 9.1.3).
		__atomic_store_n((uint16_t *)(code + 8), n & 1 ? 0x050f : 0x0b0f, __ATOMIC_SEQ_CST);
		for (int until = turns + n % 4; turns < until;)
			sched_yield();
	}
	stop = 1;
	return NULL;
}
static void two_threads(void) {
	// 3 bytes of nop, mov $getppid, %eax; syscall or ud2; ret
	memcpy(code, "\x90\x90\x90\xb8\x6e\0\0\0\x0f\x05\xc3", 11);
	pthread_t t;
	int calls = 0, skipped = 0, other = 0, before = jit_ud2s;
	pthread_create(&t, NULL, patcher, NULL);
	while (!stop) {
		long r = jit_run(code);
		calls += r == getppid();
		skipped += r == 110;
		other += r != getppid() && r != 110;
		turns++;
	}
	pthread_join(t, NULL);
	say("patched while running: other %d, ud2 as counted %d, each often %d", other, skipped == jit_ud2s - before, calls > 60 && skipped > 60);
}

int main(void) {
	unsigned char *p = jit_pages(8192, jit_rwx);
	jit_put(p);
	jit_check("rwx", p);
	memset(p, 0xcc, 4096);
	jit_put(p + 512);
	jit_check("rewritten", p + 512);
	int wrong = 0;
	for (int i = 0; i < 1000; i++) {
		memset(p, 0xcc, 256);
		jit_put(p + i % 64);
		wrong += !jit_right(p + i % 64);
	}
	say("written 1000 times, wrong %d", wrong);
	rewriting(p + 4096);
	code = p + 1024;
	two_threads();
	// From writable and executable to executable and back.
	for (int i = 0; i < 50; i++) {
		mprotect(p, 8192, i & 1 ? jit_rwx : jit_rx);
		wrong += !jit_right(p + 999 % 64);
	}
	say("turned, wrong %d", wrong);
}
