//e2e:need ia32
//e2e:report trapped 1000
// A thread that uses a 32-bit entry goes on without the kernel's reports: what was left to
// them is patched before.
#include "probe.h"
static long int80(long nr) {
	long r;
	__asm__ volatile("int $0x80" : "=a"(r) : "0"(nr) : "r8", "r9", "r10", "r11", "memory");
	return r;
}
static long calls(void) {
	long wrong = 0, parent = getppid();
	for (int i = 0; i < 250; i++)
		wrong += raw6(SYS_getppid, 0, 0, 0, 0, 0, 0) != parent || getppid() != parent;
	return wrong;
}
static void *thread(void *p) {
	*(long *)p = int80(20) != getpid();
	*(long *)p += calls();
	return NULL;
}
int main(void) {
	say("getpid %d, then %ld wrong", int80(20) == getpid(), calls());
	long wrong;
	pthread_t t;
	pthread_create(&t, NULL, thread, &wrong);
	pthread_join(t, NULL);
	say("thread: %ld wrong", wrong);
}
