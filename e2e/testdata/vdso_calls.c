// The vDSO works, with and without libc. The calls that it makes itself, for what
// it cannot answer, are trapped.
//e2e:need dispatch
//e2e:report discovered 2
#include "probe.h"
#include <sys/auxv.h>
int main(void) {
	struct timespec a, b;
	struct timeval tv;
	unsigned cpu;
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 0; i < 100000; i++)
		clock_gettime(CLOCK_MONOTONIC, &b);
	say("forward %d", b.tv_sec > a.tv_sec || b.tv_nsec >= a.tv_nsec);
	say("gettimeofday %d time %d getcpu %d", gettimeofday(&tv, NULL), time(NULL) > 1000, getcpu(&cpu, NULL));
	say("coarse %d cputime %d", clock_gettime(CLOCK_REALTIME_COARSE, &a), clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b));
	say("getres %d", clock_getres(CLOCK_MONOTONIC, &a));
	unsigned char *v = (unsigned char *)getauxval(AT_SYSINFO_EHDR);
	say("vdso %d %d", v != NULL, v && v[0] == 0x7f);
	say("bad clock %s", clock_gettime(12345, &a) ? strerrorname_np(errno) : "fine");
}
