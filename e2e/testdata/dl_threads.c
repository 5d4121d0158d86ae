//e2e:lib libprobe.so lib/calls.c
//e2e:args $BIN/libprobe.so
//e2e:flags -ldl
// Threads that load and unload the same library while others make calls.
#include "probe.h"
#include <dlfcn.h>
static char *path;
static atomic_int ok, stop;
static void *loader(void *p) {
	for (int i = 0; i < 100; i++) {
		void *l = dlopen(path, RTLD_NOW);
		long (*f)(void) = l ? (long (*)(void))dlsym(l, "probe_pid") : NULL;
		if (f && f() == getpid())
			ok++;
		dlclose(l);
	}
	return NULL;
}
static void *caller(void *p) {
	while (!stop)
		if (raw6(SYS_getppid, 0, 0, 0, 0, 0, 0) != getppid())
			say("wrong");
	return NULL;
}
int main(int argc, char **argv) {
	pthread_t t[6];
	path = argv[1];
	for (int i = 0; i < 6; i++)
		pthread_create(&t[i], NULL, i < 4 ? loader : caller, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	stop = 1;
	pthread_join(t[4], NULL);
	pthread_join(t[5], NULL);
	say("ok %d", ok);
}
