// A program that takes the processor's time-stamp counter from a thread, and then from all
// (PR_SET_TSC): reading it raises SIGSEGV then, in our code, too. Times are still asked for.
//
//e2e:flags -pthread
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// calls makes calls for some milliseconds, so that the counter has been used.
static void calls(int n) {
	for (int i = 0; i < n; i++) {
		struct timespec t = {0, 100000};
		syscall(SYS_nanosleep, &t, 0);
		for (int k = 0; k < 20; k++)
			syscall(SYS_getppid);
	}
}

static void take(void) {
	int mode = 0;
	if (prctl(PR_SET_TSC, PR_TSC_SIGSEGV) || prctl(PR_GET_TSC, &mode) || mode != PR_TSC_SIGSEGV) {
		perror("PR_SET_TSC");
		exit(1);
	}
}

static void *taken(void *arg) {
	calls(40);
	take();
	calls(20);
	return arg;
}

static void *others(void *arg) {
	calls(80);
	return arg;
}

int main(void) {
	pthread_t a, b;
	pthread_create(&a, 0, taken, 0);
	pthread_create(&b, 0, others, 0);
	pthread_join(a, 0);
	pthread_join(b, 0);
	puts("threads");
	fflush(stdout);
	calls(20);
	for (int i = 0; i < 2; i++) {
		pid_t p = fork();
		if (p == 0) {
			if (i == 0)
				take(); // the parent keeps it
			calls(20);
			_exit(3);
		}
		int status;
		waitpid(p, &status, 0);
		printf("child: %d\n", WEXITSTATUS(status));
		fflush(stdout);
	}
	take();
	calls(20);
	pid_t p = fork();
	if (p == 0) {
		calls(20);
		_exit(5);
	}
	int status;
	syscall(SYS_wait4, p, &status, 0, 0);
	printf("child without: %d\n", WEXITSTATUS(status));
	fflush(stdout);
	return 0;
}
