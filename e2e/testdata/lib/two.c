// Two functions that make calls, each in a page of its own.
#include "../probe.h"
__attribute__((noinline, aligned(4096))) long two_parent(void) { return raw6(SYS_getppid, 0, 0, 0, 0, 0, 0); }
__attribute__((noinline, aligned(4096))) long two_pid(void) { return raw6(SYS_getpid, 0, 0, 0, 0, 0, 0); }
__attribute__((noinline, aligned(4096))) int two_end(void) { return 0; } // and .fini behind it
