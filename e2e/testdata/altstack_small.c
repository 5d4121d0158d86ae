// Alternate stacks with room for a frame and hardly more: entered from calls, from
// faults, from a full stack; in threads and children; what lies below them stays.
#include "probe.h"
#include <sys/auxv.h>
#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif
static __thread volatile int entered, onit;
static __thread char *low, *high;
static sigjmp_buf out;
static void h(int s, siginfo_t *i, void *u) {
	char here;
	entered++;
	onit += &here > low && &here < high;
}
static size_t least(void) {
	size_t n = getauxval(AT_MINSIGSTKSZ);
	return n > 2048 ? n : 2048;
}
// stack_of makes an alternate stack of n bytes behind a page that may not be touched.
static void stack_of(size_t n, int flags) {
	char *p = mmap(0, (n + 8191) & ~4095UL, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(p, 4096, PROT_NONE);
	stack_t st = {.ss_sp = p + 4096, .ss_size = n, .ss_flags = flags};
	low = p + 4096, high = low + n;
	if (sigaltstack(&st, 0))
		say("sigaltstack %s", strerror(errno));
	entered = onit = 0;
}
static void rounds(const char *who, size_t extra, int flags) {
	stack_of(least() + extra, flags);
	for (int i = 0; i < 100; i++)
		syscall(SYS_tgkill, getpid(), gettid(), SIGHUP);
	say("%s +%zu: entered %d, on the stack %d", who, extra, entered, onit);
}
static void *thread(void *p) {
	rounds("thread", 256, 0);
	return 0;
}
static char block[65536] __attribute__((aligned(4096)));
static void on_segv(int s) {
	if (write(1, "fault\n", 6) == 6)
		siglongjmp(out, 1);
}
static int deep(int n) {
	volatile char b[4096];
	b[0] = n;
	return n ? deep(n + 1) + b[0] : 0;
}
int main(void) {
	on(SIGHUP, h, SA_ONSTACK);
	for (size_t extra = 0; extra <= 4096; extra += 512)
		rounds("main", extra, 0);
	rounds("autodisarm", 128, SS_AUTODISARM);
	stack_t was;
	sigaltstack(0, &was);
	say("still set %d flags %x", was.ss_sp == low, was.ss_flags);
	pthread_t t;
	pthread_create(&t, 0, thread, 0);
	pthread_join(t, 0);
	pid_t p = fork();
	if (!p) {
		rounds("child", 64, 0);
		_exit(1);
	}
	say_child("child", p);
	// A handler for a fault that writes and leaves, on the usual 8192 bytes.
	memset(block, 0x5a, sizeof block);
	stack_t st = {.ss_sp = block + 32768, .ss_size = 8192};
	sigaltstack(&st, 0);
	struct sigaction a = {.sa_handler = on_segv, .sa_flags = SA_ONSTACK};
	sigaction(SIGSEGV, &a, 0);
	if (!sigsetjmp(out, 1))
		*(volatile char *)0 = 1;
	int below = 0;
	for (int i = 0; i < 32768; i++)
		below += block[i] != 0x5a;
	say("%d bytes below it changed", below);
	if (!sigsetjmp(out, 1))
		say("%d", deep(1));
	say("out of a full stack");
	// One that is on the stack does not start at its end again.
	sigaltstack(0, &was);
	say("flags %x", was.ss_flags);
	// A stack that is too small for the frame is the end, or SIGSEGV's handler.
	stack_of(2048, 0);
	if (least() > 2048) {
		signal(SIGSEGV, on_segv);
		if (!sigsetjmp(out, 1))
			raise(SIGHUP);
		say("too small: entered %d", entered);
	} else
		say("fault\ntoo small: entered 0");
}
