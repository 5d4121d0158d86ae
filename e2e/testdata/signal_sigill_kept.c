//e2e:again SYSTRAP_DOOR=jump
// SIGILL is sent to a thread while another signal waits for the end of its call: its handler runs behind the call, too, with the
// thread's own mask behind it. It ran on top of code of ours, and the thread was left with all signals blocked, or crashed.
#include "probe.h"
enum { ROUNDS = 20000 };
static atomic_int stop, tid, seen[3];
static int pipes[2];
static void handler(int sig) {
	atomic_fetch_add(&seen[sig == SIGILL ? 0 : sig == SIGUSR1 ? 1 : 2], 1);
	getppid();
}
static void *body(void *p) {
	sigset_t m;
	char c;
	int odd = 0;
	atomic_store(&tid, gettid());
	while (!atomic_load(&stop)) {
		if (read(pipes[0], &c, 1) != -1 || errno != EAGAIN)
			odd++;
		getppid();
		sigemptyset(&m);
		pthread_sigmask(SIG_BLOCK, NULL, &m);
		for (int s = 1; s < 32; s++)
			odd += sigismember(&m, s);
	}
	say("odd: %d", odd);
	return NULL;
}
int main(void) {
	static const int signals[] = {SIGUSR1, SIGILL, SIGUSR2};
	struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART};
	pthread_t t;
	for (int i = 0; i < 3; i++)
		sigaction(signals[i], &a, NULL);
	if (pipe2(pipes, O_NONBLOCK))
		say("pipe2");
	pthread_create(&t, NULL, body, NULL);
	while (!atomic_load(&tid))
		sched_yield();
	for (int i = 0; i < ROUNDS; i++)
		for (int k = 0; k < 3; k++)
			tgkill(getpid(), tid, signals[k]);
	atomic_store(&stop, 1);
	pthread_join(t, NULL);
	say("handled %d %d %d", seen[0] > 0, seen[1] > 0, seen[2] > 0);
	return 0;
}
