//e2e:report trapped 3000
// A filter that lets nobody ask for the kernel's reports any more: what was left to them is
// patched before, for the children and threads to come.
#include "filters.h"
static void *calls(void *p) {
	long parent = (long)p;
	long wrong = 0;
	for (int i = 0; i < 500; i++)
		wrong += raw6(SYS_getppid, 0, 0, 0, 0, 0, 0) != parent || getppid() != parent;
	return (void *)wrong;
}
int main(void) {
	void *r;
	pthread_t t;
	refuse(SYS_prctl, SECCOMP_RET_KILL_PROCESS);
	long parent = getppid(), self = getpid();
	pid_t p = fork();
	if (!p)
		_exit((long)calls((void *)self));
	say_child("fork", p);
	pthread_create(&t, NULL, calls, (void *)parent);
	pthread_join(t, &r);
	say("thread: %ld wrong", (long)r);
	say("first: %ld wrong", (long)calls((void *)parent));
}
