// A genuine ud2 reaches the handler, which goes on behind it.
#include "probe.h"
extern char there[];
static void skip(int s, siginfo_t *i, void *u) {
	ucontext_t *uc = u;
	say("sig %d code %d addr %d rip %d", s, i->si_code, i->si_addr == there, uc->uc_mcontext.gregs[REG_RIP] == (long)there);
	if (uc->uc_mcontext.gregs[REG_RIP] == (long)there)
		say("rax %llx rbx %llx", uc->uc_mcontext.gregs[REG_RAX], uc->uc_mcontext.gregs[REG_RBX]);
	say_mask("mask");
	uc->uc_mcontext.gregs[REG_RIP] += 2;
	uc->uc_mcontext.gregs[REG_RCX] = 77;
}
static void plain(int s) { say("plain"); _exit(3); }
static void once(void) { on(SIGILL, skip, SA_RESETHAND); UD2(); }
static void dflt(void) { signal(SIGILL, SIG_DFL); UD2(); }
static void plainly(void) { signal(SIGILL, plain); UD2(); }
static void again(int s, siginfo_t *i, void *u) { say("again"); UD2(); }
static void recursive(void) { on(SIGILL, again, 0); UD2(); }
static void privileged(void) { __asm__ volatile("hlt"); }
static sigjmp_buf env;
static void jump(int s, siginfo_t *i, void *u) { siglongjmp(env, 1); }
int main(void) {
	for (int k = 0; k < 2; k++) {
		long c = 0;
		on(SIGILL, skip, k ? SA_NODEFER : 0);
		__asm__ volatile("mov $0x1234, %%rax; mov $0x5678, %%rbx;"
				 "jmp 1f\n1: call 2f\n jmp 3f\n2: jmp there_fn\n3: mov %%rcx, %0"
				 : "=r"(c) : : "rax", "rbx", "rcx", "memory");
		say("rcx %ld", c);
		say_mask("after");
	}
	on(SIGILL, jump, 0);
	for (volatile int k = 0; k < 3; k++)
		if (!sigsetjmp(env, 1))
			UD2();
		else
			say("jumped %d", k);
	in_child("default", dflt);
	in_child("plain", plainly);
	in_child("recursive", recursive);
	in_child("hlt", privileged);
	in_child("once", once);
}
__asm__(".text\n.globl there\nthere_fn: nop\nthere: ud2\n ret\n");
