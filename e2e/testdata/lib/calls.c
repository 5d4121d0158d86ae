// A library that makes calls of its own, in several shapes.
#include "../probe.h"
long probe_pid(void) { return raw6(SYS_getpid, 0, 0, 0, 0, 0, 0); }
long probe_write(void) { return raw6(SYS_write, 1, (long)"library\n", 8, 0, 0, 0); }
static long forty_two(void) { return 42 + (raw6(SYS_getppid, 0, 0, 0, 0, 0, 0) == 0); }
static void *resolve(void) { return forty_two; }
long probe_ifunc(void) __attribute__((ifunc("resolve")));
__attribute__((constructor)) static void up(void) { raw6(SYS_getppid, 0, 0, 0, 0, 0, 0); }
__attribute__((destructor)) static void down(void) { raw6(SYS_getppid, 0, 0, 0, 0, 0, 0); }
