//e2e:args $BIN/small
//e2e:prog small lib/jailed.c
//e2e:exes small
// Programs that are executed where no signal can be queued (RLIMIT_SIGPENDING).
#include "probe.h"
static char *program, *arg[] = {"small", NULL}, *env[] = {"SETTINGS=1", NULL};
static void run(void) {
	setrlimit(RLIMIT_SIGPENDING, &(struct rlimit){0, 0});
	execve(program, arg, env);
	_exit(9);
}
static void *in_thread(void *p) {
	run();
	return p;
}
static void threaded(void) {
	pthread_t t;
	pthread_create(&t, NULL, in_thread, NULL);
	pthread_join(t, NULL);
}
static void stopped(void) {
	pid_t p = fork();
	if (!p)
		run();
	for (int i = 0; i < 20; i++) {
		kill(p, SIGSTOP);
		kill(p, SIGCONT);
	}
	say_child("stopped and continued", p);
}
int main(int argc, char **argv) {
	program = argv[1];
	in_child("exec", run);
	in_child("of a thread", threaded);
	stopped();
}
