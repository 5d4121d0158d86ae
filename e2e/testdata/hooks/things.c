// A hook that does one thing at each of some numbers that are no calls, and says in the result how it went.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <libsyscall_intercept_hook_point.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "things.h"

jmp_buf *things_out;
void (*things_call)(void);
static long counts[1000];
static long children, parents, after;

static void *thread(void *p) {
	free(malloc(1000));
	getppid();
	return (char *)p + 1;
}
static long do_thing(long what, long arg) {
	int st = 0;
	switch (what) {
	case THING_MALLOC: {
		void *p[100];
		for (int i = 0; i < 100; i++)
			memset(p[i] = malloc(1 << i % 20), i, 1 << i % 20);
		for (int i = 0; i < 100; i++)
			free(p[i]);
		return 1;
	}
	case THING_PRINTF:
		return printf("from the hook: %ld %s %.2f\n", arg, "text", 2.5);
	case THING_THREAD: {
		pthread_t t;
		void *r = NULL;
		if (pthread_create(&t, NULL, thread, (void *)arg) || pthread_join(t, &r))
			return -1;
		return (long)r;
	}
	case THING_DLOPEN: {
		void *m = dlopen("libm.so.6", RTLD_NOW);
		double (*f)(double) = m ? (double (*)(double))dlsym(m, "cbrt") : NULL;
		return f ? (long)(f(27.0) + 0.5) : -1;
	}
	case THING_FORK: {
		pid_t p = fork();
		if (p == 0)
			_exit(getppid() > 0 ? 5 : 6);
		return waitpid(p, &st, 0) == p ? WEXITSTATUS(st) : -1;
	}
	case THING_SPAWN: {
		pid_t p;
		char *argv[] = {"sh", "-c", "exit 9", NULL}, *envp[] = {NULL};
		if (posix_spawn(&p, "/bin/sh", NULL, NULL, argv, envp))
			return -1;
		return waitpid(p, &st, 0) == p ? WEXITSTATUS(st) : -1;
	}
	case THING_LONGJMP:
		longjmp(*things_out, 3);
	case THING_SIGNAL: {
		long was = counts[SYS_getuid];
		raise(SIGUSR1); // its handler calls getuid
		return counts[SYS_getuid] - was;
	}
	case THING_CALL: {
		long was = counts[SYS_getuid];
		things_call();
		return counts[SYS_getuid] - was;
	}
	case THING_EXIT:
		pthread_exit((void *)4);
	case THING_CRASH:
		*(volatile int *)8 = 1;
		return 0;
	case THING_COUNT:
		return arg == -1 ? children : arg == -2 ? parents : arg == -3 ? after > 0 : counts[arg];
	}
	return -ENOSYS;
}
static int hook(long nr, long a, long b, long c, long d, long e, long f, long *result) {
	if (nr >= 0 && nr < 1000)
		__atomic_add_fetch(&counts[nr], 1, __ATOMIC_RELAXED);
	if (nr == THING_ARGS) {
		*result = a == 11 && b == 12 && c == 13 && d == 14 && e == 15 && f == 16 ? 1 : -EIO;
		return 0;
	}
	if (nr < THING_ARGS || nr > THING_LAST)
		return 1;
	*result = do_thing(nr, a);
	errno = 99;
	return 0;
}
static void in_child(void) { __atomic_add_fetch(&children, 1, __ATOMIC_RELAXED); }
static void in_parent(long tid) {
	if (tid > 0)
		__atomic_add_fetch(&parents, 1, __ATOMIC_RELAXED);
}
static void behind(long nr, long a, long b, long c, long d, long e, long f, long result) {
	if (nr == SYS_getppid && result > 0)
		after++;
}
static __attribute__((constructor)) void begin(void) {
	intercept_hook_point = hook;
	intercept_hook_point_clone_child = in_child;
	intercept_hook_point_clone_parent = in_parent;
	intercept_hook_point_post_kernel = behind;
}
