// Eight threads make, run and unmap code and fork, while signals arrive all the time.
//e2e:again SYSTRAP_DISCOVER=0 JIT_BLIND=1
//e2e:need dispatch
//e2e:report discovered 2400
#include "jit.h"
enum { rounds = 300 };
static _Atomic int wrong, ticks, done;
static void tick(int s) {
	ticks++;
	pace(ITIMER_REAL, done);
}

static void *work(void *p) {
	unsigned char *m = jit_pages(4096, jit_rw);
	for (int i = 0; i < rounds; i++) {
		mprotect(m, 4096, jit_rw);
		memset(m, 0xcc, 1024);
		jit_put(m + i);
		mprotect(m, 4096, i & 1 ? jit_rx : jit_rwx);
		wrong += jit_run(m + i) != getppid();
		done++;
		if (i % 50 == 7) {
			pid_t c = fork();
			if (!c)
				_exit(jit_run(m + i) == getppid() ? 3 : 4);
			int st;
			while (waitpid(c, &st, 0) < 0)
				;
			wrong += st != 3 << 8;
		}
		if (i % 3 == 0) {
			munmap(m, 4096);
			m = jit_pages(4096, jit_rw);
		}
	}
	return NULL;
}

int main(void) {
	struct itimerval t = {{0, 500}, {0, 500}};
	struct sigaction a = {.sa_handler = tick, .sa_flags = SA_RESTART};
	pthread_t threads[8];
	sigaction(SIGALRM, &a, NULL);
	setitimer(ITIMER_REAL, &t, NULL);
	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	memset(&t, 0, sizeof t);
	setitimer(ITIMER_REAL, &t, NULL);
	say("wrong %d, signals %d", wrong, ticks > 0);
}
