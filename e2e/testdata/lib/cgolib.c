// Calls a Go library from threads of C, and has Go's handler entered in threads that no
// Go code has run on, on an alternate stack of theirs and without one.
#include "../probe.h"
#include <dlfcn.h>
static int (*add)(int, int);
static void *calls(void *p) { return (void *)(long)add(1, 2); }
static void *signals(void *p) {
	static __thread char st[65536];
	stack_t s = {.ss_sp = st, .ss_size = sizeof st}, was;
	if (p)
		sigaltstack(&s, 0);
	pthread_kill(pthread_self(), SIGUSR1);
	sigaltstack(0, &was);
	return (void *)(long)(p ? was.ss_sp == st : was.ss_flags == SS_DISABLE);
}
int main(int argc, char **argv) {
	void *l = dlopen(argv[1], RTLD_NOW), *r;
	if (!l)
		return say("%s", dlerror()), 1;
	add = (int (*)(int, int))dlsym(l, "Add");
	void (*catch)(void) = (void (*)(void))dlsym(l, "Catch");
	int (*got)(void) = (int (*)(void))dlsym(l, "Wait");
	pthread_t t;
	long sum = 0;
	for (int i = 0; i < 20; i++) {
		pthread_create(&t, 0, calls, 0);
		pthread_join(t, &r);
		sum += (long)r;
	}
	say("sum %ld", sum);
	catch();
	for (int i = 0; i < 6; i++) {
		pthread_create(&t, 0, signals, i % 2 ? &t : 0);
		pthread_join(t, &r);
		say("got %d, alternate stack as it was %ld", got(), (long)r);
	}
	raise(SIGUSR1);
	say("got %d", got());
}
