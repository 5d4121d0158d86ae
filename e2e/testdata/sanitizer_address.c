//e2e:flags -fsanitize=address
// gcc's AddressSanitizer as a shared library, which wants to be the first of all: with threads, children and its leak
// checker, which stops the process from a child that shares its memory.
#include "probe.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
static int sum;
static void *thread(void *p)
{
	char *m = malloc(1000);
	memset(m, 1, 1000);
	for (int i = 0; i < 1000; i++)
		__sync_fetch_and_add(&sum, m[i]);
	free(m);
	return 0;
}
int __lsan_do_recoverable_leak_check(void);
int main(void)
{
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], 0, thread, 0);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], 0);
	say("sum %d", sum);
	int st;
	pid_t k = fork();
	if (!k)
		exit(3);
	waitpid(k, &st, 0);
	say("child %x", st);
	say("leaks %d", __lsan_do_recoverable_leak_check());
	return 0;
}
