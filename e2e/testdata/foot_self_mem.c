// A program that writes its own memory through /proc/self/mem: the only call whose writes no argument tells of. That it
// is found shows that the comparison finds what is not named.
#include "probe.h"
static long word = 1;
int main(void) {
	int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return 77;
	long other = 2;
	say("%ld bytes", (long)pwrite(fd, &other, sizeof other, (off_t)&word));
	say("%ld", *(volatile long *)&word);
	close(fd);
}
