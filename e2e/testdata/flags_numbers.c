// Strange call numbers: negative, x32, high bits of rax, unknown, arguments
// beyond what the call takes.
#include "probe.h"
// uretprobe outside of its trampoline: SIGILL from the kernel (since 6.11).
static void uretprobe(void) { say("%ld", raw6(335, 0, 0, 0, 0, 0, 0)); }
int main(void) {
	long n[] = {-1, -2, -38, 0x40000000, 0x40000000 | SYS_getpid, 500, 511, 512, 547, 1000, 0x7fffffff, 0x80000000l, 0x100000000l + 1000, 400, LONG_MAX, LONG_MIN};
	for (int i = 0; i < 16; i++)
		say("%lx: %ld", n[i], raw6(n[i], 0, 0, 0, 0, 0, 0));
	say("high bits: %d", raw6(0x500000000l + SYS_getpid, 0, 0, 0, 0, 0, 0) == getpid());
	say("extra arguments: %d", raw6(SYS_getpid, -1, -1, -1, -1, -1, -1) == getpid());
	say("bad pointers: %ld %ld %ld", raw6(SYS_read, 0, 8, 1, 0, 0, 0), raw6(SYS_uname, 8, 0, 0, 0, 0, 0), raw6(SYS_openat, -100, 0x8000000000000000, 0, 0, 0, 0));
	say("close(-1) %ld close(huge) %ld", raw6(SYS_close, -1, 0, 0, 0, 0, 0), raw6(SYS_close, 0x500000000l, 0, 0, 0, 0, 0));
	in_child("uretprobe", uretprobe);
}
