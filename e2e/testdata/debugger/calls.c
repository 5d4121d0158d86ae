// A program to step through: calls in line, in functions and in the C library; handlers, threads, children, faults.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

volatile int total;
char buffer[16];

static inline __attribute__((always_inline)) long inlined(long nr)
{
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "0"(nr) : "rcx", "r11", "memory");
	return r;
}

__attribute__((noinline)) long site(long nr)
{
	long r;
	__asm__ volatile("site_here: syscall\n site_behind: nop" : "=a"(r) : "0"(nr) : "rcx", "r11", "memory");
	return r;
}

__attribute__((noinline)) int positive(int x)
{
	x += getppid() > 0;
	return x + (getpid() > 0);
}

void handler(int s)
{
	total += s;
	getppid();
}

void skip(int s, siginfo_t *info, void *context)
{
	((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
	total += 1000;
}

void *thread(void *p)
{
	for (int i = 0; i < 3; i++)
		total += positive(i);
	return p;
}

int child(int status)
{
	pid_t k = fork();
	if (k == 0) {
		positive(0);
		_exit(status);
	}
	int st;
	waitpid(k, &st, 0);
	return WEXITSTATUS(st);
}

void transfer(void)
{
	int p[2];
	if (pipe(p) || write(p[1], "hello", 5) != 5)
		_exit(9);
	read(p[0], buffer, 5);
	close(p[0]);
	close(p[1]);
}

void faults(void)
{
	struct sigaction a = {.sa_sigaction = skip, .sa_flags = SA_SIGINFO};
	sigaction(SIGILL, &a, 0);
	__asm__ volatile("ud2");
	__asm__ volatile("ud2");
	signal(SIGILL, handler);
	raise(SIGILL);
	signal(SIGSYS, handler);
	raise(SIGSYS);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	long a = inlined(SYS_getppid);
	a += inlined(SYS_getpid);
	a += site(SYS_gettid);
	a += site(SYS_getuid);
	total = a > 0;
	total += positive(1);
	if (!strcmp(what, "transfer"))
		transfer();
	if (!strcmp(what, "child"))
		total += child(3);
	if (!strcmp(what, "handler")) {
		signal(SIGUSR1, handler);
		raise(SIGUSR1);
		total++;
	}
	if (!strcmp(what, "thread")) {
		pthread_t t;
		pthread_create(&t, 0, thread, 0);
		pthread_join(t, 0);
	}
	if (!strcmp(what, "faults"))
		faults();
	if (!strcmp(what, "ud2"))
		__asm__ volatile("ud2");
	if (!strcmp(what, "abort"))
		abort();
	if (!strcmp(what, "loop"))
		for (;;) {
			positive(2);
			usleep(1000);
		}
	printf("total %d\n", total);
	return 7;
}
