//e2e:lib libifuncs.so lib/ifuncs.c
//e2e:args $BIN/libifuncs.so
//e2e:flags -ldl
// A library full of indirect functions whose resolvers make calls: opened lazily
// and at once, in a namespace of its own, from threads, and beside the ones of
// libc and libm.
#include "probe.h"
#include <dlfcn.h>
#include <math.h>
static char *path;
static long use(void *l) {
	long sum = 0;
	char name[32];
	for (int i = 100; i < 400; i++) {
		snprintf(name, sizeof name, "indirect%d", i);
		long (*f)(long) = (long (*)(long))dlsym(l, name);
		sum += f ? f(1) : -1000000;
	}
	long (**table)(long) = (long (**)(long))dlsym(l, "indirect_table");
	for (int i = 0; table && i < 7; i++)
		sum += table[i](0);
	return sum;
}
static void open_it(const char *what, int flags) {
	void *l = dlopen(path, flags);
	if (!l) {
		say("%s: %s", what, dlerror());
		return;
	}
	long (*count)(void) = (long (*)(void))dlsym(l, "resolvers_run");
	long at_open = count();
	long sum = use(l);
	say("%s: resolvers at open %ld, later %d, sum %ld", what, at_open, count() > at_open, sum);
	dlclose(l);
}
static void *body(void *p) {
	for (int i = 0; i < 10; i++) {
		void *l = dlopen(path, i & 1 ? RTLD_NOW : RTLD_LAZY);
		*(long *)p += l ? use(l) : -1;
		if (l)
			dlclose(l);
	}
	return NULL;
}
int main(int argc, char **argv) {
	path = argv[1];
	open_it("lazy", RTLD_LAZY);
	open_it("now", RTLD_NOW);
	open_it("global", RTLD_NOW | RTLD_GLOBAL);
	void *l = dlmopen(LM_ID_NEWLM, path, RTLD_NOW);
	say("namespace: sum %ld", l ? use(l) : -1);
	pthread_t t[4];
	long sums[4] = {0};
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, body, &sums[i]);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	say("threads: %ld %ld %ld %ld", sums[0], sums[1], sums[2], sums[3]);
	void *m = dlopen("libm.so.6", RTLD_NOW);
	double (*sine)(double) = (double (*)(double))dlsym(m, "sin");
	say("libm: %.6f", sine(1));
	if (fork() == 0) {
		open_it("child", RTLD_NOW);
		_exit(0);
	}
	wait(NULL);
}
