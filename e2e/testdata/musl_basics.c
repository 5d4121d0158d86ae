//e2e:cc musl-gcc
// A program linked with musl: threads, signals, fork, spawn, files.
#include "musl.h"
static int n;
static void h(int s) { n += s; }
static void *thread(void *p) { n++; return p; }
int main(void) {
	pthread_t t;
	void *r;
	int st;
	signal(SIGUSR1, h);
	signal(SIGILL, h);
	raise(SIGUSR1);
	raise(SIGILL);
	printf("n %d\n", n);
	for (int i = 0; i < 20; i++) {
		pthread_create(&t, 0, thread, &n);
		pthread_join(t, &r);
	}
	printf("n %d %d\n", n, r == &n);
	fflush(0);
	pid_t p = fork();
	if (!p)
		_exit(5);
	waitpid(p, &st, 0);
	printf("fork %d\n", WEXITSTATUS(st));
	fflush(0);
	char *a[] = {"sh", "-c", "echo from sh; exit 6", 0}, *e[] = {"A=1", 0};
	posix_spawn(&p, "/bin/sh", 0, 0, a, e);
	waitpid(p, &st, 0);
	printf("spawn %d\n", WEXITSTATUS(st));
	printf("system %d\n", system("exit 7") >> 8);
	printf("env %s\n", getenv("TERM"));
	FILE *f = fopen("out", "w");
	fprintf(f, "text\n");
	fclose(f);
	exit(8 - 8);
}
