// Calls whose instruction lies in the page behind the one before it, or in both: the program takes each of the pages away, makes it
// writable, puts other code there, moves it, and finds what it would find natively.
//e2e:need jump
//e2e:flags -pthread
//e2e:again SYSTRAP_DOOR=jump
//e2e:again SYSTRAP_DOOR=trap
//e2e:again SYSTRAP_DISCOVER=0
//e2e:again SYSTRAP_DOOR=jump SYSTRAP_TRAP=int3
//e2e:again SYSTRAP_DISCOVER=0 SYSTRAP_TRAP=hlt
#include "probe.h"
#include <ucontext.h>

// Each has a page that ends with what is before the call, and one that begins with the call, its second byte, or the rest of a mov.
__asm__(".section .places,\"ax\",@progbits\n.balign 4096\n"
	"next_first: .skip 4091, 0x90\n next: mov $110, %eax\n next_site: syscall\n ret\n .balign 4096, 0x90\n"
	"half_first: .skip 4090, 0x90\n half: mov $110, %eax\n half_site: syscall\n ret\n .balign 4096, 0x90\n"
	"mov_first: .skip 4091, 0x90\n mov: mov $110, %rax\n mov_site: syscall\n ret\n .balign 4096, 0x90\n"
	"places_end:\n.text\n");
extern char next_first[], next_site[], half_first[], half_site[], mov_first[], mov_site[];
long next(void), half(void), mov(void);

static const struct place {
	const char *name;
	long (*call)(void);
	char *first, *site;
} places[] = {{"next", next, next_first, next_site}, {"half", half, half_first, half_site}, {"mov", mov, mov_first, mov_site}};
static const struct place *at;
static long parent;

static sigjmp_buf out;
static void *fault_pc, *fault_addr;
static void on_fault(int s, siginfo_t *i, void *u) {
	fault_pc = (void *)((ucontext_t *)u)->uc_mcontext.gregs[REG_RIP];
	fault_addr = i->si_addr;
	siglongjmp(out, s);
}

// check makes the call n times, and says what came of it.
static void check(const char *what, int n) {
	int right = 0;
	for (int i = 0; i < n; i++) {
		int s = sigsetjmp(out, 1);
		if (s) {
			say("%s, %s: signal %d at the site%+ld, for the second page%+ld", at->name, what, s, (long)((char *)fault_pc - at->site), (long)((char *)fault_addr - at->first - 4096));
			return;
		}
		right += at->call() == parent;
	}
	say("%s, %s: %d of %d", at->name, what, right, n);
}

static char *second(void) { return at->first + 4096; }

static void writable(void) {
	for (int i = 0; i < 2; i++) {
		say_result(mprotect(second(), 4096, PROT_READ | PROT_WRITE));
		say("%02x %02x", (unsigned char)at->site[0], (unsigned char)at->site[1]);
		check("writable", 3);
		say_result(mprotect(second(), 4096, PROT_READ | PROT_EXEC));
		check("executable", 20);
		say_result(mprotect(at->first, 4096, PROT_READ | PROT_WRITE));
		say("%02x", (unsigned char)*(char *)at->call);
		say_result(mprotect(at->first, 4096, PROT_READ | PROT_EXEC));
		check("executable again", 20);
	}
}

static void none(void) {
	say_result(mprotect(second(), 4096, PROT_NONE));
	check("none", 3);
	say_result(munmap(second(), 4096));
	check("gone", 3);
}

static void dropped(void) {
	say_result(madvise(second(), 4096, MADV_DONTNEED));
	check("the second dropped", 20);
	say_result(madvise(at->first, 4096, MADV_DONTNEED));
	check("the first dropped", 20);
}

// other puts code there that returns 7 instead of making the call.
static void other(void) {
	char code[4096], *p = code;
	memset(code, 0x90, sizeof code);
	if (at->call == half) // 0f, and 1f 00: nop (%rax)
		*p++ = 0x1f, *p++ = 0x00;
	if (at->call == mov) // the upper half of the operand
		*p++ = 0, *p++ = 0;
	memcpy(p, "\xb8\x07\x00\x00\x00\xc3", 6);
	char *q = mmap(second(), 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memcpy(q, code, 4096);
	say_result(mprotect(q, 4096, PROT_READ | PROT_EXEC));
	say("%s, other: %ld", at->name, at->call());
	parent = 7;
	check("other", 20);
}

static void moved(void) {
	char *q = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	say("moved %d", mremap(second(), 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, q) == q);
	check("moved", 3);
	say("moved %d", mremap(q, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, second()) == second());
	check("moved back", 20);
}

static void *waits(void *p) {
	pause();
	return p;
}

static int with_thread;
static void (*todo)(void);
static void child(void) {
	parent = getppid();
	on(SIGSEGV, (void (*)(int, siginfo_t *, void *))on_fault, 0);
	check("at first", 300);
	pthread_t t;
	if (with_thread)
		say_result(pthread_create(&t, NULL, waits, NULL));
	todo();
}

int main(void) {
	static void (*const all[])(void) = {writable, none, dropped, other, moved};
	at = &places[0];
	parent = getppid();
	for (unsigned p = 0; p < 3; p++) {
		at = &places[p];
		check("before", 300);
	}
	for (with_thread = 0; with_thread < 2; with_thread++)
		for (unsigned p = 0; p < 3; p++)
			for (unsigned i = 0; i < 5; i++) {
				at = &places[p];
				todo = all[i];
				in_child("child", child);
			}
}
