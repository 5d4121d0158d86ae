//e2e:need jump fsgsbase
//e2e:lib libwrfs.so lib/wrfs.c
//e2e:args $BIN/libwrfs.so
//e2e:flags -ldl
//e2e:again SYSTRAP_DOOR=jump
//e2e:again SYSTRAP_DOOR=jump SYSTRAP_DISCOVER=0
// Text with WRFSBASE comes when there are threads that have made calls for long, and they exchange their FS bases: in
// the process, and in a child that has made threads anew. Each stays the thread that it is.
#include "probe.h"
#include <dlfcn.h>

static const char *path;
static long tids[2];
static unsigned long bases[2];
static volatile int at[2];
static long wrong[2], masks[2];
static void (*set_fs)(unsigned long);

static void meet(int me, int n) {
	__sync_synchronize();
	at[me] = n;
	while (at[!me] < n)
		raw6(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

static void *run(void *p) {
	long me = (long)p;
	at[me] = 0;
	tids[me] = raw6(SYS_gettid, 0, 0, 0, 0, 0, 0);
	__asm__("mov %%fs:0, %0" : "=r"(bases[me]));
	for (int i = 0; i < 2000; i++)
		wrong[me] += raw6(SYS_gettid, 0, 0, 0, 0, 0, 0) != tids[me];
	meet(me, 1);
	if (me == 0) {
		void *l = dlopen(path, RTLD_NOW);
		set_fs = (void (*)(unsigned long))dlsym(l, "set_fs");
	}
	meet(me, 2);
	for (int round = 0; round < 20; round++) {
		set_fs(bases[!me]);
		meet(me, 3 + 2 * round);
		for (int i = 0; i < 100; i++)
			wrong[me] += raw6(SYS_gettid, 0, 0, 0, 0, 0, 0) != tids[me];
		unsigned long m = 1UL << (SIGUSR1 - 1 + me);
		raw6(SYS_rt_sigprocmask, SIG_SETMASK, (long)&m, 0, 8, 0, 0);
		set_fs(bases[me]);
		meet(me, 4 + 2 * round);
		unsigned long q = 0;
		raw6(SYS_rt_sigprocmask, 0, 0, (long)&q, 8, 0, 0);
		masks[me] = q;
	}
	return NULL;
}

static void threads(void) {
	pthread_t t[2];
	for (long i = 0; i < 2; i++)
		at[i] = wrong[i] = 0;
	for (long i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, run, (void *)i);
	for (int i = 0; i < 2; i++) {
		pthread_join(t[i], NULL);
		say("thread %d: wrong %ld, mask %lx", i, wrong[i], masks[i]);
	}
}

int main(int argc, char **argv) {
	path = argv[1];
	long bad = 0;
	for (int i = 0; i < 300; i++)
		bad += getppid() != raw6(SYS_getppid, 0, 0, 0, 0, 0, 0);
	say("alone: wrong %ld", bad);
	in_child("child", threads);
	threads();
	in_child("child of threads", threads);
	for (int i = 0; i < 300; i++)
		bad += getppid() != raw6(SYS_getppid, 0, 0, 0, 0, 0, 0);
	say("alone: wrong %ld", bad);
}
