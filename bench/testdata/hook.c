/* A hook in C that does nothing: each call is made. */
#include <libsyscall_intercept_hook_point.h>

static int hook(long number, long a, long b, long c, long d, long e, long f, long *result)
{
	(void)number, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)result;
	return 1;
}

static __attribute__((constructor)) void begin(void)
{
	intercept_hook_point = hook;
}
