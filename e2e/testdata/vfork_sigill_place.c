//e2e:again SYSTRAP_DOOR=jump
// SIGILL is sent to a thread that waits for its vfork child, while another thread's control block has the same place in the jump
// door's table: the thread went on without being entered there, its next call came by the door as the other one, and that came
// back from its call somewhere else.
#include "probe.h"
#include <sys/mman.h>
enum { PLACE = 8 << 20, WARM = 3000 };
static atomic_int tid, go, ready, handled, masked;
static int child_pipe[2], data_pipe[2];
static void spin(long ns) {
	struct timespec a, b;
	clock_gettime(CLOCK_MONOTONIC, &a);
	do
		clock_gettime(CLOCK_MONOTONIC, &b);
	while ((b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec < ns);
}
// overtake makes a call once the reader waits in one of its own.
static void overtake(void) {
	atomic_store(&go, 1);
	spin(30000000);
	getppid();
}
static void handler(int sig) {
	sigset_t m;
	int blocked = 0;
	pthread_sigmask(SIG_BLOCK, NULL, &m);
	for (int s = 1; s < 65; s++)
		blocked += sigismember(&m, s) == 1;
	atomic_fetch_add(&handled, 1);
	atomic_fetch_add(&masked, blocked);
	overtake();
}
static void *reader(void *p) {
	for (int round = 0; round < 2; round++) {
		char c = 0;
		for (int i = 0; i < WARM; i++)
			getppid();
		atomic_fetch_add(&ready, 1);
		while (!atomic_load(&go))
			;
		ssize_t n = read(data_pipe[0], &c, 1);
		say("round %d: read %zd %c", round, n, c);
		atomic_store(&go, 0);
	}
	return NULL;
}
static void *forker(void *p) {
	sigset_t ill, old;
	sigemptyset(&ill);
	sigaddset(&ill, SIGILL);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < WARM; i++)
			getppid();
		while (atomic_load(&ready) <= round)
			sched_yield();
		pthread_sigmask(round ? SIG_UNBLOCK : SIG_BLOCK, &ill, &old);
		atomic_store(&tid, gettid());
		pid_t pid = vfork();
		if (!pid) {
			char c;
			_exit(read(child_pipe[0], &c, 1) != 1);
		}
		if (!round)
			overtake();
		if (write(data_pipe[1], "x", 1) != 1)
			say("write");
		while (atomic_load(&go))
			sched_yield();
		int status;
		say("child: %d %d", waitpid(pid, &status, 0) == pid, status);
	}
	return NULL;
}
static pthread_t start(void *(*body)(void *), char *stack) {
	pthread_attr_t a;
	pthread_t t;
	pthread_attr_init(&a);
	if ((errno = pthread_attr_setstack(&a, stack, 1 << 20)) || (errno = pthread_create(&t, &a, body, NULL)))
		say("pthread_create: %m");
	return t;
}
int main(void) {
	struct sigaction a = {.sa_handler = handler};
	sigaction(SIGILL, &a, NULL);
	char *p = mmap(NULL, 3 * PLACE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED || pipe(child_pipe) || pipe(data_pipe))
		say("mmap or pipe");
	pthread_t r = start(reader, p), f = start(forker, p + PLACE);
	for (int round = 0; round < 2; round++) {
		int to;
		while (!(to = atomic_exchange(&tid, 0)))
			usleep(1000);
		usleep(20000);
		tgkill(getpid(), to, SIGILL);
		if (write(child_pipe[1], "x", 1) != 1)
			say("write");
	}
	pthread_join(f, NULL);
	pthread_join(r, NULL);
	say("handled %d, signals blocked meanwhile: %d", handled, masked);
	return 0;
}
