// A hook that crashes at call 5021, in the way that the argument says: -DINTERCEPT, -DZPOLINE, -DE9 or -DSYSTRAP.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef E9
#include <e9syscall.h>
#endif
#ifdef __cplusplus
#include <stdexcept>
extern "C" {
#endif

static volatile int zero;

__attribute__((noinline)) static int deep(int n) {
	volatile char room[4000];
	room[n % 4000] = n;
	return n == zero - 1 ? 0 : deep(n + 1) + room[n % 4000];
}
static void at(long nr, long how) {
	if (nr != 5021)
		return;
	switch (how) {
	case 0: *(volatile int *)16 = 1; break;
	case 1: zero = (int)nr / zero; break;
	case 2: __builtin_trap(); break;
	case 3: abort(); break;
	case 4: zero = deep(1); break;
	case 5: {
		char name[] = "/tmp/systrap-hook-XXXXXX";
		int fd = mkstemp(name);
		unlink(name);
		char *p = (char *)mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
		zero = *(volatile char *)p; // behind the file's end
		break;
	}
#ifdef __cplusplus
	case 6: throw std::runtime_error("mine");
#endif
	}
}

#ifdef INTERCEPT
#include <libsyscall_intercept_hook_point.h>
static int hook(long nr, long a, long b, long c, long d, long e, long f, long *result) {
	at(nr, a);
	return 1;
}
static __attribute__((constructor)) void begin(void) { intercept_hook_point = hook; }
#elif defined ZPOLINE
typedef long (*call)(long, long, long, long, long, long, long);
static call next;
static long hook(long nr, long a, long b, long c, long d, long e, long f) {
	at(nr, a);
	return next(nr, a, b, c, d, e, f);
}
int __hook_init(long placeholder, void *pointer) {
	next = *(call *)pointer;
	*(call *)pointer = hook;
	return 0;
}
#elif defined E9
int hook(int nr, intptr_t a, intptr_t b, intptr_t c, intptr_t d, intptr_t e, intptr_t f, intptr_t *result) {
	at(nr, a);
	return -1;
}
#else
#include <systrap.h>
void __systrap_pre_handling(struct generic_syscall *s) { at(s->syscall_number, s->args[0]); }
static __attribute__((constructor)) void begin(void) {
	trap_all_mappings();
	install_sigill_handler();
}
#endif
#ifdef __cplusplus
}
#endif
