// PROCESSES processes with THREADS threads each make CALLS marked calls in each
// thread, all at once, and calls that block between them:
//
//	crowd PROCESSES THREADS CALLS REPORT
//
// Every thread appends "TID CALLS" to REPORT.
#include "../probe.h"
static int calls, report_fd, fds[2];
static pthread_barrier_t start;
static void *body(void *p) {
	char b[64], c = 'x';
	pthread_barrier_wait(&start);
	for (int i = 0; i < calls; i++) {
		syscall(SYS_getpriority, 0x5eed, i);
		if (i % 4 == 0 && ((intptr_t)p & 1 ? read(fds[0], &c, 1) : write(fds[1], &c, 1)) != 1)
			abort();
	}
	int n = snprintf(b, sizeof b, "%d %d\n", gettid(), calls);
	if (write(report_fd, b, n) != n)
		abort();
	return NULL;
}
int main(int argc, char **argv) {
	int processes = atoi(argv[1]), threads = atoi(argv[2]);
	calls = atoi(argv[3]);
	report_fd = open(argv[4], O_WRONLY | O_APPEND);
	int gate[2];
	if (pipe(gate))
		return 1;
	for (int k = 0; k < processes; k++) {
		if (fork())
			continue;
		char c;
		close(gate[1]);
		pthread_t t[threads];
		pthread_barrier_init(&start, NULL, threads);
		if (pipe(fds) || read(gate[0], &c, 1) != 0)
			abort();
		for (intptr_t i = 0; i < threads; i++)
			if (pthread_create(&t[i], NULL, body, (void *)i))
				abort();
		for (int i = 0; i < threads; i++)
			pthread_join(t[i], NULL);
		exit(3);
	}
	close(gate[1]);
	int st, ended = 0;
	while (wait(&st) > 0)
		ended += WIFEXITED(st) && WEXITSTATUS(st) == 3;
	say("%d processes", ended);
	return 6;
}
