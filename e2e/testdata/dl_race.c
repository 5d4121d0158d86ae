//e2e:lib libprobe.so lib/calls.c
//e2e:args $BIN/libprobe.so
//e2e:flags -ldl
// Code that is mapped where another thread's has just been unmapped is trapped,
// and not taken for a ud2 of the program's (make soak).
#include "probe.h"
#include <dlfcn.h>
static atomic_int genuine, wrong;
static atomic_long loads;
static char *path, copies[4][512];
static void ill(int s, siginfo_t *i, void *u) {
	genuine++;
	((ucontext_t *)u)->uc_mcontext.gregs[REG_RIP] += 2;
}
static void *body(void *p) {
	for (int i = 0; i < 150; i++) {
		void *l = dlopen(p, RTLD_NOW);
		long (*f)(void) = l ? (long (*)(void))dlsym(l, "probe_pid") : NULL;
		wrong += !f || f() != getpid();
		loads += f != NULL;
		if (l)
			dlclose(l);
	}
	return NULL;
}
// maps maps code and drops them, without ld.so's lock.
static void *maps(void *p) {
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	for (int i = 0; i < 600; i++) {
		char *m = mmap(NULL, 8192, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 4096);
		if (m == MAP_FAILED || munmap(m, 8192))
			wrong++;
	}
	close(fd);
	return NULL;
}
int main(int argc, char **argv) {
	pthread_t t[8];
	path = argv[1];
	on(SIGILL, ill, 0);
	for (int i = 0; i < 4; i++) {
		snprintf(copies[i], sizeof copies[i], "%s", path);
		pthread_create(&t[i], NULL, body, copies[i]);
		pthread_create(&t[4 + i], NULL, maps, NULL);
	}
	for (int i = 0; i < 8; i++)
		pthread_join(t[i], NULL);
	say("loads %ld wrong %d illegal instructions %d", loads, wrong, genuine);
}
