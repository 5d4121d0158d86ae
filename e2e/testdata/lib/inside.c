// A program that a sandbox contains: a child, a thread, no call that is out of the ordinary.
#include "../probe.h"
static void *thread(void *a) { return a; }
int main(int argc, char **argv) {
	pthread_t t;
	pid_t p = fork();
	if (!p)
		_exit(3);
	int st = 0;
	waitpid(p, &st, 0);
	int made = pthread_create(&t, 0, thread, 0) || pthread_join(t, 0);
	fprintf(stderr, "inside %d %x %d %d\n", argc, st, made, getenv("SYSTRAP_STATE") != NULL);
	return 5;
}
