// Every special call from machine code that the program made: fork, vfork, clone,
// threads, handlers' returns, restarts, masks, exec, exit.
//e2e:again SYSTRAP_DISCOVER=0 JIT_BLIND=1
//e2e:need dispatch
//e2e:report discovered 370
//e2e:status exit 6
#include "jit.h"
#include <sys/prctl.h>

// made(nr, a, b, c, d, e, f) is a call in emitted code, in memory of kind k.
static long (*made)(long, ...);
static const unsigned char call[] = {
	0x48, 0x89, 0xf8,             // mov %rdi, %rax
	0x48, 0x89, 0xf7,             // mov %rsi, %rdi
	0x48, 0x89, 0xd6,             // mov %rdx, %rsi
	0x48, 0x89, 0xca,             // mov %rcx, %rdx
	0x4d, 0x89, 0xc2,             // mov %r8, %r10
	0x4d, 0x89, 0xc8,             // mov %r9, %r8
	0x4c, 0x8b, 0x4c, 0x24, 0x08, // mov 8(%rsp), %r9
	0x0f, 0x05, 0xc3,             // syscall; ret
};
// The child of a vfork returns from the function on a stack that its parent
// shares, so the return address is kept in a register.
static const unsigned char vforks[] = {
	0x41, 0x5b,             // pop %r11 (syscall clobbers it)
	0x4c, 0x89, 0xda,       // mov %r11, %rdx
	0xb8, 58, 0, 0, 0,      // mov $SYS_vfork, %eax
	0x0f, 0x05, 0x52, 0xc3, // syscall; push %rdx; ret
};
// clone with a stack: the child calls what is on it.
static const unsigned char clones[] = {
	0xb8, 56, 0, 0, 0,      // mov $SYS_clone, %eax
	0x49, 0x89, 0xca,       // mov %rcx, %r10
	0x0f, 0x05, 0x85, 0xc0, // syscall; test %eax, %eax
	0x74, 0x01, 0xc3,       // jz 1f; ret
	0x5f, 0x58, 0xff, 0xd0, // 1: pop %rdi; pop %rax; call *%rax
	0x0f, 0x0b,             // ud2
};
static const unsigned char restorer[] = {0xb8, 15, 0, 0, 0, 0x0f, 0x05}; // mov $SYS_rt_sigreturn, %eax; syscall
static unsigned char *page;
enum { at_call, at_vfork = 64, at_clone = 128, at_restorer = 192, at_unit = 256 };

static volatile int handled, deep;
static void handler(int s) {
	handled++;
	if (made(SYS_getppid) == getppid())
		deep++;
}

struct kernel_action {
	void (*handler)(int);
	unsigned long flags;
	void *restorer;
	unsigned long mask;
};

static void act(int sig, unsigned long flags) {
	struct kernel_action a = {handler, flags | 0x04000000, page + at_restorer, 0}; // SA_RESTORER
	say("rt_sigaction %ld", made(SYS_rt_sigaction, (long)sig, &a, 0L, 8L));
}

static int shared_word, child_tid;
static void in_clone(void *p) {
	shared_word = made(SYS_getppid) == getppid() && *(int *)p == 4711;
	made(SYS_exit, 0L);
}

static void forks(void) {
	fflush(stdout);
	long p = made(SYS_fork);
	if (!p)
		made(SYS_exit_group, made(SYS_getppid) == getppid() ? 3L : 4L);
	say_child("fork", p);
	volatile int word = 0;
	p = ((long (*)(void))(page + at_vfork))();
	if (!p) {
		word = 1;
		made(SYS_exit, 5L);
	}
	say("vfork shares memory: %d", word);
	say_child("vfork", p);
	int arg = 4711;
	long *stack = (long *)((char *)malloc(1 << 16) + (1 << 16));
	stack[-1] = (long)in_clone;
	stack[-2] = (long)&arg;
	long (*clone)(long, void *, long, void *, long) = (void *)(page + at_clone);
	// flags, stack, parent's tid, child's tid: r10 is the fourth
	p = clone(CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD | CLONE_CHILD_CLEARTID, stack - 2, 0, &child_tid, 0);
	say_child("clone with memory shared", p);
	say("ran %d", shared_word);
	shared_word = 0;
	child_tid = 1;
	stack[-1] = (long)in_clone;
	stack[-2] = (long)&arg;
	p = clone(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID, stack - 2, 0, &child_tid, 0);
	while (*(volatile int *)&child_tid)
		made(SYS_futex, &child_tid, 0L /* FUTEX_WAIT */, 1L, 0L);
	say("thread %d ran %d", p > 0, shared_word);
}

static void *interrupter(void *t) {
	until_waits(getpid());
	pthread_kill(*(pthread_t *)t, SIGUSR1);
	return NULL;
}

static void restarts(void) {
	pthread_t self = pthread_self(), t;
	struct timespec d = {1000, 0};
	act(SIGUSR1, SA_RESTART);
	handled = deep = 0;
	pthread_create(&t, NULL, interrupter, &self);
	say("nanosleep %ld", made(SYS_nanosleep, &d, &d)); // never restarted behind a handler
	pthread_join(t, NULL);
	int fds[2];
	char c;
	if (pipe(fds))
		return;
	pthread_create(&t, NULL, interrupter, &self);
	pid_t p = fork();
	if (!p) {
		for (int i = 0; i < 20; i++) // behind the signal, most times
			sleep_ms(5), until_waits(getppid());
		_exit(write(fds[1], "y", 1) != 1);
	}
	long r = made(SYS_read, (long)fds[0], &c, 1L);
	say("read %ld %c", r, c); // restarted
	pthread_join(t, NULL);
	say_child("writer", p);
	act(SIGUSR1, 0);
	pthread_create(&t, NULL, interrupter, &self);
	say("read %ld", made(SYS_read, (long)fds[0], &c, 1L)); // EINTR
	pthread_join(t, NULL);
	say("handled %d, calls in them %d", handled, deep);
}

static void masks(void) {
	unsigned long set = 1 << (SIGUSR2 - 1), old = 0;
	if (!jit_blind) // a call that is not trapped must not block what trapping needs
		set |= 1 << (SIGILL - 1) | 1 << (SIGSYS - 1);
	act(SIGUSR2, 0);
	handled = 0;
	say("block %ld", made(SYS_rt_sigprocmask, (long)SIG_BLOCK, &set, &old, 8L));
	raise(SIGUSR2);
	say("while blocked %d, call %d", handled, made(SYS_getppid) == getppid());
	say_mask("mask");
	say("suspend %ld", made(SYS_rt_sigsuspend, &old, 8L));
	say("handled %d", handled);
	say("restore %ld", made(SYS_rt_sigprocmask, (long)SIG_SETMASK, &old, 0L, 8L));
	say_mask("mask");
	stack_t alt = {.ss_sp = malloc(65536), .ss_size = 65536}, was;
	say("sigaltstack %ld", made(SYS_sigaltstack, &alt, 0L));
	sigaltstack(NULL, &was);
	say("set %d", was.ss_sp == alt.ss_sp);
	act(SIGUSR2, SA_ONSTACK);
	for (int i = 0; i < 50; i++)
		made(SYS_kill, (long)getpid(), (long)SIGUSR2);
	say("handled %d", handled);
}

static void flags(void) {
	// Registers and flags behind the call: rcx is its end, r11 the flags, all else as before.
	unsigned long rcx, r11, rax, rbx = 0x1122334455667788;
	__asm__ volatile("sub $128, %%rsp; stc; call *%[f]; mov %%r11, %[r11]; add $128, %%rsp"
		: "=&c"(rcx), "=&a"(rax), "+b"(rbx), [r11] "=&d"(r11) : [f] "r"(page + at_unit) : "r11", "memory", "cc");
	say("rcx %ld, rbx %lx, carry %ld, rax %d", (long)(rcx - (unsigned long)page - at_unit), rbx, r11 & 1, (int)rax == getppid());
}

// uretprobe outside of its trampoline makes the kernel send SIGILL (since 6.11); where
// the kernel has no such call, it returns.
static void uretprobe(void) {
	signal(SIGILL, SIG_DFL);
	made(335L);
	made(SYS_write, 1L, "gone on\n", 8L);
	made(SYS_exit_group, 0L);
}

static void whole(const char *what, int prot) {
	say("== %s", what);
	page = jit_pages(4096, jit_rw);
	memcpy(page, call, sizeof call);
	memcpy(page + at_vfork, vforks, sizeof vforks);
	memcpy(page + at_clone, clones, sizeof clones);
	memcpy(page + at_restorer, restorer, sizeof restorer);
	jit_put(page + at_unit);
	mprotect(page, 4096, prot);
	made = (void *)page;
	say("bad number %ld", made(9999L));
	say("prctl %ld", made(SYS_prctl, (long)PR_SET_NAME, "made"));
	flags();
	forks();
	restarts();
	masks();
	in_child("uretprobe", uretprobe);
	// The page that makes the call changes its own protection.
	say("mprotect of its own page %ld", made(SYS_mprotect, page, 4096L, (long)(jit_rw | PROT_EXEC)));
	jit_check("after it", page + at_unit);
	say("mprotect of its own page %ld", made(SYS_mprotect, page, 4096L, (long)jit_rx));
	jit_check("after it", page + at_unit);
}

int main(int argc, char **argv) {
	if (argc == 1) {
		whole("executable", jit_rx);
		whole("writable and executable", jit_rwx);
		char *args[] = {argv[0], "exec", NULL}, *env[] = {jit_blind ? "JIT_BLIND=1" : NULL, NULL};
		long p = made(SYS_fork);
		if (!p)
			made(SYS_execve, "/proc/self/exe", args, env);
		say_child("exec", p);
		made(SYS_exit_group, 6L);
	}
	page = jit_pages(4096, jit_rwx);
	memcpy(page, call, sizeof call);
	made = (void *)page;
	say("behind exec %d", made(SYS_getppid) == getppid());
	made(SYS_exit_group, 7L);
}
