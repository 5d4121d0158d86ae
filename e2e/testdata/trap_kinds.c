// SIGTRAP and SIGSEGV of the program's own, whichever instruction traps its calls: breakpoints, privileged instructions, bad
// pointers of both kinds, a full stack; sent, blocked, waited for, ignored, read from a signalfd, handed to what is executed.
//e2e:again SYSTRAP_TRAP=int3
//e2e:again SYSTRAP_TRAP=hlt
#include "probe.h"
#include <sys/signalfd.h>
static atomic_int count;
static volatile int code, masked;
static volatile long where;
static volatile unsigned long address;
extern char at_int3[], at_cd03[], at_hlt[], at_lea[];
// got keeps what it was told, and has the program go on behind what raised it.
static void got(int s, siginfo_t *i, void *u) {
	greg_t *g = ((ucontext_t *)u)->uc_mcontext.gregs;
	sigset_t now;
	count++;
	code = i->si_code;
	where = g[REG_RIP];
	address = (unsigned long)i->si_addr;
	sigprocmask(SIG_SETMASK, NULL, &now);
	masked = sigismember(&now, SIGTRAP) | sigismember(&now, SIGSEGV) << 1 | sigismember(&now, SIGUSR1) << 2;
	if (where == (long)at_hlt)
		g[REG_RIP]++;
	else if (where == (long)at_lea)
		g[REG_RIP] += 3;
}
static void show(const char *what, const char *at) {
	say("%s: %d, code %d, %ld from it, mask %d", what, count, code, count ? where - (long)at : 0, masked);
	count = masked = 0;
}
static void faults(void) {
	struct sigaction a = {.sa_sigaction = got, .sa_flags = SA_SIGINFO};
	sigaddset(&a.sa_mask, SIGUSR1);
	sigaction(SIGTRAP, &a, NULL);
	a.sa_flags |= SA_NODEFER;
	sigaction(SIGSEGV, &a, NULL);
	for (int i = 0; i < 3; i++) {
		__asm__ volatile(".globl at_int3\nat_int3: int3" : : : "memory");
		show("int3", at_int3);
		__asm__ volatile(".globl at_cd03\nat_cd03: .byte 0xcd, 3" : : : "memory");
		show("int 3", at_cd03);
		__asm__ volatile(".globl at_hlt\nat_hlt: hlt" : : : "memory");
		show("hlt", at_hlt);
		static const unsigned long bad[] = {0, 8, 0x1111111111111111, 0xffffffffff000000, 0x7ffffffff000};
		for (int k = 0; k < 5; k++) {
			__asm__ volatile(".globl at_lea\nat_lea: mov (%0), %%rax" : : "b"(bad[k]) : "rax", "memory");
			say("address %lx", code == SI_KERNEL ? 0 : address);
			show("load", at_lea);
		}
		getppid();
	}
	struct sigaction was;
	sigaction(SIGTRAP, NULL, &was);
	say("read back %d %x %d", was.sa_sigaction == got, was.sa_flags, sigismember(&was.sa_mask, SIGUSR1));
	sigaction(SIGSEGV, NULL, &was);
	say("read back %d %x %d", was.sa_sigaction == got, was.sa_flags, sigismember(&was.sa_mask, SIGUSR1));
}
static void sent(int sig) {
	sigset_t set = set_of(sig, 0), pending;
	siginfo_t info;
	on(sig, got, SA_SIGINFO);
	raise(sig);
	show("raised", (char *)where);
	sigprocmask(SIG_BLOCK, &set, NULL);
	say_mask("blocked");
	kill(getpid(), sig);
	raise(sig);
	getppid();
	sigpending(&pending);
	say("count %d, pending %d", count, sigismember(&pending, sig));
	say_result(sigwaitinfo(&set, &info));
	say_result(sigtimedwait(&set, &info, &(struct timespec){0}));
	say_result(sigtimedwait(&set, &info, &(struct timespec){0}));
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	show("unblocked", (char *)where);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int fd = signalfd(-1, &set, 0);
	struct signalfd_siginfo read_info;
	raise(sig);
	say_result(read(fd, &read_info, sizeof read_info));
	say("signo %d", read_info.ssi_signo);
	raise(sig);
	sigset_t none = set_of(0);
	say_result(sigsuspend(&none));
	show("suspended", (char *)where);
	close(fd);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	on(sig, SIG_IGN, 0);
	raise(sig);
	show("ignored", (char *)where);
	struct sigaction was = on(sig, SIG_DFL, 0);
	say("was %s", was.sa_handler == SIG_IGN ? "ignored" : "not");
	on(sig, got, SA_SIGINFO | SA_RESETHAND);
	raise(sig);
	show("once", (char *)where);
	was = on(sig, SIG_DFL, 0);
	say("was %s", was.sa_handler == SIG_DFL ? "default" : "not");
}
static void full(int s) {
	static const char text[] = "the stack is full\n";
	if (write(1, text, sizeof text - 1) < 0)
		_exit(8);
	_exit(7);
}
static int deeper(int n) {
	volatile char room[10000];
	room[0] = n;
	return n > 1000000 ? 0 : deeper(n + 1) + room[0];
}
static void stack_full(void) {
	static char other[65536];
	stack_t st = {.ss_sp = other, .ss_size = sizeof other};
	sigaltstack(&st, NULL);
	on(SIGSEGV, full, SA_ONSTACK);
	setrlimit(RLIMIT_STACK, &(struct rlimit){1 << 20, 1 << 20});
	say("%d", deeper(0));
}
static void dies_int3(void) { __asm__ volatile("int3"); }
static void dies_hlt(void) { __asm__ volatile("hlt"); }
static void dies_null(void) { *(volatile int *)8 = 1; }
static void dies_far(void) { *(volatile int *)0x1111111111111111 = 1; }
static void dies_raise(void) { raise(SIGTRAP); }
static void dies_kill(void) { kill(getpid(), SIGSEGV); }
static void block_both(void) {
	sigset_t set = set_of(SIGTRAP, SIGSEGV, 0);
	sigprocmask(SIG_BLOCK, &set, NULL);
	on(SIGTRAP, got, SA_SIGINFO);
	on(SIGSEGV, got, SA_SIGINFO);
}
static void dies_blocked_int3(void) {
	block_both();
	dies_int3();
}
static void dies_blocked_null(void) {
	block_both();
	dies_null();
}
static void dies_ignored_null(void) {
	on(SIGSEGV, SIG_IGN, 0);
	dies_null();
}
static void dies_ignored_int3(void) {
	on(SIGTRAP, SIG_IGN, 0);
	dies_int3();
}
static void *thread(void *p) {
	pthread_kill(pthread_self(), SIGTRAP);
	for (int i = 0; i < 200; i++)
		__asm__ volatile("int3");
	pthread_kill(pthread_self(), SIGSEGV);
	return NULL;
}
static void threads(void) {
	pthread_t t[4];
	on(SIGTRAP, got, SA_SIGINFO);
	on(SIGSEGV, got, SA_SIGINFO);
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, thread, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	say("enough %d", count > 200);
}
int main(int argc, char **argv) {
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	if (argc > 1) {
		say_mask("inherited");
		struct sigaction a;
		for (int k = 0; k < 2; k++) {
			sigaction(k ? SIGSEGV : SIGTRAP, NULL, &a);
			say("%s", a.sa_handler == SIG_IGN ? "ignored" : a.sa_handler == SIG_DFL ? "default" : "handled");
		}
		return 0;
	}
	faults();
	sent(SIGTRAP);
	sent(SIGSEGV);
	in_child("stack", stack_full);
	in_child("int3", dies_int3);
	in_child("hlt", dies_hlt);
	in_child("null", dies_null);
	in_child("far", dies_far);
	in_child("raise", dies_raise);
	in_child("kill", dies_kill);
	in_child("blocked int3", dies_blocked_int3);
	in_child("blocked null", dies_blocked_null);
	in_child("ignored null", dies_ignored_null);
	in_child("ignored int3", dies_ignored_int3);
	in_child("threads", threads);
	for (int i = 0; i < 4; i++) {
		pid_t p = fork();
		if (!p) {
			sigset_t set = set_of(SIGTRAP, i & 1 ? SIGSEGV : 0, 0);
			sigprocmask(SIG_BLOCK, &set, NULL);
			on(SIGSEGV, i & 2 ? SIG_IGN : (void *)got, 0);
			on(SIGTRAP, i & 1 ? SIG_IGN : SIG_DFL, 0);
			execl("/proc/self/exe", "self", "x", NULL);
			_exit(99);
		}
		say_child("executed", p);
	}
}
