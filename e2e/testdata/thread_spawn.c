// Threads that spawn, vfork and fork at the same time, with signals blocked in
// some of them.
#include "probe.h"
static atomic_int good;
static void *work(void *p) {
	long me = (long)p;
	sigset_t s = set_of(SIGILL, SIGUSR1, 0);
	if (me & 1)
		pthread_sigmask(SIG_BLOCK, &s, NULL);
	for (int i = 0; i < 15; i++) {
		pid_t c = -1;
		int st = -1;
		char arg[40];
		snprintf(arg, sizeof arg, "exit %ld", me + 10);
		char *a[] = {"sh", "-c", arg, NULL};
		if (i % 3 == 0)
			posix_spawn(&c, "/bin/sh", NULL, NULL, a, environ);
		else if (i % 3 == 1) {
			if ((c = vfork()) == 0) {
				execv("/bin/sh", a);
				_exit(1);
			}
		} else if ((c = fork()) == 0)
			_exit(me + 10);
		waitpid(c, &st, 0);
		good += WIFEXITED(st) && WEXITSTATUS(st) == me + 10;
	}
	sigset_t now;
	pthread_sigmask(SIG_BLOCK, NULL, &now);
	good += sigismember(&now, SIGILL) == (me & 1);
	return NULL;
}
int main(void) {
	pthread_t t[8];
	for (long i = 0; i < 8; i++)
		pthread_create(&t[i], NULL, work, (void *)i);
	for (int i = 0; i < 8; i++)
		pthread_join(t[i], NULL);
	say("good %d", good);
}
