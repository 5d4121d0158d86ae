// A hook that has each call made as it is (TestJumpSteps).
#include <libsyscall_intercept_hook_point.h>
static int hook(long nr, long a, long b, long c, long d, long e, long f, long *result) { return 1; }
static __attribute__((constructor)) void begin(void) { intercept_hook_point = hook; }
