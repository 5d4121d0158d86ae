// The kernel's reports of calls are off after many calls, and on again before something is there that only they
// find: made code, a library, another thread, the vDSO's calls.
//e2e:need dispatch fsgsbase bmi2
//e2e:env SYSTRAP_DOOR=jump
//e2e:report reports_off 1
//e2e:report discovered 60
//e2e:lib two.so lib/two.c
//e2e:args $BIN/two.so
#include "probe.h"
#include <dlfcn.h>
#include <sys/mman.h>
static long (*made)(void);
static void *thread(void *p) {
	long n = 0;
	while (!__atomic_load_n(&made, __ATOMIC_ACQUIRE)) // makes no call before
		;
	for (int i = 0; i < 30; i++)
		n += made() == getpid();
	return (void *)n;
}
static long (*make(void))(void) {
	static const unsigned char code[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3}; // mov $39,%eax; syscall; ret
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(p, code, sizeof code);
	mprotect(p, 4096, PROT_READ | PROT_EXEC);
	return (long (*)(void))p;
}
static void many(void) {
	for (int i = 0; i < 150000; i++)
		getppid();
}
int main(int argc, char **argv) {
	many();
	struct timespec t;
	say("cputime %d", clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t));
	say("library %d", dlopen(argv[1], RTLD_NOW) != NULL);
	many();
	pid_t p = fork();
	if (!p) {
		say("made in the child %d", make()() == getpid());
		_exit(0);
	}
	say_child("forked", p);
	pthread_t th;
	void *n;
	pthread_create(&th, NULL, thread, NULL);
	sleep_ms(20);
	__atomic_store_n(&made, make(), __ATOMIC_RELEASE);
	pthread_join(th, &n);
	say("thread %ld", (long)n);
	long m = 0;
	for (int i = 0; i < 30; i++)
		m += made() == getpid();
	say("main %ld", m);
}
