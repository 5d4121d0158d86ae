// A hook that makes each call itself, whatever it is: threads, vfork children and frames of signals among them.
#ifdef E9
#include <e9syscall.h>

int hook(int nr, intptr_t a, intptr_t b, intptr_t c, intptr_t d, intptr_t e, intptr_t f, intptr_t *result) {
	if ((*result = syscall(nr, a, b, c, d, e, f)) == -1)
		*result = -errno;
	return 0;
}
#else
#include <libsyscall_intercept_hook_point.h>

static int hook(long nr, long a, long b, long c, long d, long e, long f, long *result) {
	*result = syscall_no_intercept(nr, a, b, c, d, e, f);
	return 0;
}
static __attribute__((constructor)) void begin(void) { intercept_hook_point = hook; }
#endif
