//e2e:report sites 100
//e2e:again SYSTRAP_TRAP=int3
//e2e:again SYSTRAP_TRAP=hlt
//e2e:report trapped 8000
// Text is searched when the program makes its second thread, also what has not made a call
// by then; sites that were patched before, and those that were not, are trapped in all threads.
//e2e:not-musl its sites are counted, and musl has fewer
#include "probe.h"
__attribute__((noinline)) static long often(void) { return raw6(SYS_getppid, 0, 0, 0, 0, 0, 0); }
__attribute__((noinline)) static long seldom(void) { return raw6(SYS_getpid, 0, 0, 0, 0, 0, 0); }
__attribute__((noinline)) static long later(void) { return raw6(SYS_getuid, 0, 0, 0, 0, 0, 0); }
static long parent, self, user;
static void *thread(void *p) {
	int wrong = 0;
	for (int i = 0; i < 300; i++)
		wrong += often() != parent || seldom() != self || later() != user || getpid() != self;
	*(int *)p = wrong;
	return NULL;
}
int main(void) {
	parent = getppid(), self = getpid(), user = getuid();
	int wrong[8] = {0};
	for (int i = 0; i < 200; i++)
		wrong[0] += often() != parent;
	wrong[0] += seldom() != self;
	say("alone: %d wrong", wrong[0]);
	pthread_t t[8];
	for (int i = 0; i < 8; i++)
		pthread_create(&t[i], NULL, thread, &wrong[i]);
	for (int i = 0; i < 8; i++) {
		pthread_join(t[i], NULL);
		say("thread %d: %d wrong", i, wrong[i]);
	}
	pid_t p = fork();
	if (!p) {
		thread(&wrong[0]);
		_exit(wrong[0]);
	}
	say_child("fork", p);
}
