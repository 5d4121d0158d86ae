// poll and ppoll take an unsigned int of descriptors, select an int: what stands above in
// the register is not looked at.
#include "probe.h"
#include <poll.h>
int main(void) {
	char *end = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + 4096;
	mprotect(end, 4096, PROT_NONE);
	struct pollfd *p = (struct pollfd *)end - 1;
	int fds[2];
	if (pipe(fds))
		return 1;
	*p = (struct pollfd){fds[1], POLLOUT, 0};
	struct timespec now = {0};
	unsigned long wide = 0xfacefeed00000001, set = 1UL << fds[1];
	say("poll %ld %d", raw6(SYS_poll, (long)p, wide, 0, 0, 0, 0), p->revents);
	p->revents = 0;
	say("ppoll %ld %d", raw6(SYS_ppoll, (long)p, wide, (long)&now, 0, 8, 0), p->revents);
	say("select %ld", raw6(SYS_select, 0xfacefeed00000000 | (fds[1] + 1), 0, (long)&set, 0, (long)&(struct timeval){0}, 0));
	say("none %ld", raw6(SYS_poll, 0, 0xfacefeed00000000, 0, 0, 0, 0));
}
