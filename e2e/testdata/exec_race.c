//e2e:prog last lib/ids.c
//e2e:args $BIN/last
//e2e:exes last
// Threads that exec at once: one of them does, or all fail; and execs that fail beside
// threads that go on.
#include "probe.h"
static char *program, *args[] = {"last", NULL};
static void *execs(void *p) {
	execv(program, args);
	return NULL;
}
static atomic_int stop;
static void *calls(void *p) {
	while (!stop)
		getppid();
	return p;
}
static void *fails(void *p) {
	for (int i = 0; i < 200; i++)
		execv("/nonexistent", args), execv("/etc/passwd", args);
	return NULL;
}
static void at_once(void) {
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, execs, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	_exit(9);
}
static void failing(void) {
	pthread_t t[4], c;
	pthread_create(&c, NULL, calls, NULL);
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, fails, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	stop = 1;
	pthread_join(c, NULL);
}
int main(int argc, char **argv) {
	program = argv[1];
	for (int i = 0; i < 5; i++)
		in_child("at once", at_once);
	in_child("failing", failing);
	signal(SIGALRM, SIG_IGN);
	for (int i = 0; i < 5; i++) {
		if (vfork() == 0) {
			execv("/nonexistent", args);
			execv(program, args);
			_exit(9);
		}
		int st;
		wait(&st);
		say("vfork: %d", WEXITSTATUS(st));
	}
}
