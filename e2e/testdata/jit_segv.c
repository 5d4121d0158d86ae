// Faults that a managed runtime provokes and handles: null checks, polls of a
// protected page, stack banging, division, each in code that makes calls.
//e2e:again SYSTRAP_DISCOVER=0 JIT_BLIND=1
//e2e:need dispatch
//e2e:report discovered 1000
#include "jit.h"
static unsigned char *code, *poll;
static volatile int nulls, polls, bangs, divisions;

// The code: load at 0 with its slow path at 64, the loop at 128, the bang at 192,
// the division at 256.
static const struct { int at, size; const char *bytes; } parts[] = {
	{0, 5, "\x48\x8b\x47\x18\xc3"},                          // mov 24(%rdi), %rax; ret
	{64, 8, "\xb8\x6e\0\0\0\x0f\x05\xc3"},                     // getppid
	{128, 18, "\x89\xf1\x51\x85\x07\xb8\x6e\0\0\0\x0f\x05\x59\xff\xc9\x75\xf1\xc3"}, // mov %esi, %ecx; 130: push %rcx; test %eax, (%rdi); getppid; pop %rcx; dec %ecx; jnz 130; ret
	{192, 8, "\x89\x84\x24\0\x10\xfe\xff\xc3"},               // mov %eax, -126976(%rsp); ret
	{256, 10, "\x31\xd2\xb8\1\0\0\0\xf7\xff\xc3"},            // xor %edx, %edx; mov $1, %eax; idiv %edi; ret
};

static void fault(int s, siginfo_t *i, void *u) {
	greg_t *g = ((ucontext_t *)u)->uc_mcontext.gregs;
	unsigned char *pc = (unsigned char *)g[REG_RIP];
	if (s == SIGSEGV && pc == code && (greg_t)i->si_addr == g[REG_RDI] + 24 && i->si_code == SEGV_MAPERR) {
		nulls++;
		g[REG_RIP] = (greg_t)(code + 64); // the slow path, which calls and returns
	} else if (s == SIGSEGV && pc == code + 131 && i->si_addr == poll && i->si_code == SEGV_ACCERR) {
		polls++;
		mprotect(poll, 4096, PROT_READ);
	} else if (s == SIGSEGV && pc == code + 192) {
		bangs += (greg_t)i->si_addr == g[REG_RSP] - 126976;
		g[REG_RAX] = jit_run(code + 64);
		g[REG_RIP] += 7;
	} else if (s == SIGFPE && pc == code + 263) {
		divisions += i->si_code == FPE_INTDIV;
		g[REG_RAX] = jit_run(code + 64);
		g[REG_RIP] += 2;
	} else {
		say("unexpected signal %d at %ld, address %p", s, (long)(pc - code), i->si_addr);
		_exit(1);
	}
}

static void *work(void *flags) {
	stack_t alt = {.ss_sp = malloc(65536), .ss_size = 65536};
	sigaltstack(&alt, NULL);
	int right = 0;
	for (int i = 0; i < 200; i++)
		right += ((long (*)(long))code)(i & 1 ? 8 : 0) == getppid();
	for (int i = 0; i < 20; i++) {
		mprotect(poll, 4096, PROT_NONE);
		right += ((long (*)(void *, int))(code + 128))(poll, 10) == getppid();
	}
	for (int i = 0; i < 50; i++) {
		right += ((long (*)(void))(code + 192))() == getppid();
		right += ((long (*)(int))(code + 256))(0) == getppid();
		right += ((long (*)(int))(code + 256))(1) == 1;
	}
	return (void *)(long)right;
}

int main(void) {
	code = jit_pages(4096, jit_rw);
	poll = jit_pages(4096, PROT_READ);
	for (int i = 0; i < (int)(sizeof parts / sizeof *parts); i++)
		memcpy(code + parts[i].at, parts[i].bytes, parts[i].size);
	mprotect(code, 4096, jit_rx);
	for (int flags = 0; flags <= SA_ONSTACK; flags += SA_ONSTACK) {
		nulls = polls = bangs = divisions = 0;
		on(SIGSEGV, fault, flags);
		on(SIGFPE, fault, flags);
		// A thread whose stack is small enough to be banged through.
		pthread_attr_t a;
		pthread_attr_init(&a);
		pthread_attr_setstacksize(&a, 64 << 10);
		pthread_attr_setguardsize(&a, 128 << 10);
		pthread_t t;
		void *r;
		pthread_create(&t, &a, work, NULL);
		pthread_join(t, &r);
		say("flags %x: right %ld, nulls %d, polls %d, bangs %d, divisions %d", flags, (long)r, nulls, polls, bangs, divisions);
	}
	pid_t p = fork();
	if (!p) {
		// The call is the last thing in its page; what is behind it is not there.
		signal(SIGSEGV, SIG_DFL);
		unsigned char *q = jit_pages(8192, jit_rw);
		memcpy(q + 4096 - 7, "\xb8\x6e\0\0\0\x0f\x05", 7);
		mprotect(q, 4096, jit_rx);
		mprotect(q + 4096, 4096, PROT_NONE);
		jit_run(q + 4096 - 7);
		_exit(0);
	}
	say_child("falls off the page", p);
}
