// What the fixtures share. A fixture prints what it observes, and nothing that
// differs from run to run (ids, addresses, times).
#ifndef PROBE_H
#define PROBE_H
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

// say prints one line with write(2), which is safe in handlers and after vfork.
__attribute__((format(printf, 1, 2), unused)) static void say(const char *f, ...) {
	char b[1024];
	va_list ap;
	va_start(ap, f);
	int n = vsnprintf(b, sizeof b - 1, f, ap);
	va_end(ap);
	if (n > (int)sizeof b - 2)
		n = sizeof b - 2;
	b[n++] = '\n';
	if (write(1, b, n) != n)
		_exit(99);
}

// say_result prints a call's result, or its errno by name.
#define say_result(call)                                                        \
	do {                                                                    \
		errno = 0;                                                      \
		long r_ = (long)(call);                                         \
		if (r_ == -1)                                                   \
			say("%s = -1 %s", #call, strerrorname_np(errno));       \
		else                                                            \
			say("%s = %ld", #call, r_);                             \
	} while (0)

// say_child waits for a child and prints how it ended.
__attribute__((unused)) static void say_child(const char *what, pid_t p) {
	int st = 0;
	if (waitpid(p, &st, __WALL) != p)
		say("%s: waitpid %s", what, strerror(errno));
	else if (WIFEXITED(st))
		say("%s: exit %d", what, WEXITSTATUS(st));
	else
		say("%s: signal %d core %d", what, WTERMSIG(st), !!WCOREDUMP(st));
}

// in_child runs f in a forked child and prints how that ends.
__attribute__((unused)) static void in_child(const char *what, void (*f)(void)) {
	pid_t p = fork();
	if (p == 0) {
		f();
		_exit(0);
	}
	say_child(what, p);
}

// say_set prints the members of a signal set.
__attribute__((unused)) static void say_set(const char *what, const sigset_t *s) {
	char b[400];
	int n = 0;
	b[0] = 0;
	for (int i = 1; i < 65; i++)
		if (sigismember(s, i) == 1)
			n += snprintf(b + n, sizeof b - n, " %d", i);
	say("%s:%s", what, b);
}

__attribute__((unused)) static void say_mask(const char *what) {
	sigset_t s;
	pthread_sigmask(SIG_BLOCK, NULL, &s);
	say_set(what, &s);
}

// set_of makes a set of signals, terminated by 0.
__attribute__((unused)) static sigset_t set_of(int first, ...) {
	sigset_t s;
	va_list ap;
	sigemptyset(&s);
	va_start(ap, first);
	for (int i = first; i; i = va_arg(ap, int))
		sigaddset(&s, i);
	va_end(ap);
	return s;
}

// on installs a SA_SIGINFO handler and returns the old action.
__attribute__((unused)) static struct sigaction on(int sig, void *handler, int flags) {
	struct sigaction a = {.sa_flags = flags | SA_SIGINFO}, old;
	a.sa_sigaction = (void (*)(int, siginfo_t *, void *))handler;
	if (sigaction(sig, &a, &old))
		say("sigaction %d: %s", sig, strerror(errno));
	return old;
}

__attribute__((unused)) static void sleep_ms(int ms) {
	struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

__attribute__((always_inline)) static inline long raw6(long n, long a, long b, long c, long d, long e, long f) {
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "0"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
	return r;
}
// state_of is the state of a process or thread as /proc has it: 'S' waits in a call.
__attribute__((unused)) static char state_of(pid_t tid) {
	char path[40], b[400], *p;
	snprintf(path, sizeof path, "/proc/%d/stat", tid);
	int fd = open(path, O_RDONLY | O_CLOEXEC), n = fd < 0 ? -1 : read(fd, b, sizeof b - 1);
	if (fd >= 0)
		close(fd);
	b[n > 0 ? n : 0] = 0;
	return n > 0 && (p = strrchr(b, ')')) ? p[2] : 0;
}

// until_waits waits until a process or thread waits in a call, and goes on to: that it
// does so after some milliseconds holds on no loaded machine.
__attribute__((unused)) static void until_waits(pid_t tid) {
	for (int n = 0; n < 3; sleep_ms(1)) {
		char c = state_of(tid);
		if (c == 0 || c == 'Z')
			return;
		n = c == 'S' ? n + 1 : 0;
	}
}

// pace is for the handler of a repeating setitimer(2) timer: where signals cost more
// than the period, the program would never get on. If progress is what it was for 32
// signals, the period doubles.
__attribute__((unused)) static void pace(int which, long progress) {
	static _Atomic long seen[3];
	static atomic_int stuck[3];
	struct itimerval t;
	if (seen[which] != progress) {
		seen[which] = progress;
		stuck[which] = 0;
	} else if (++stuck[which] >= 32 && getitimer(which, &t) == 0 && (t.it_interval.tv_sec || t.it_interval.tv_usec)) {
		stuck[which] = 0;
		long us = 2 * (t.it_interval.tv_sec * 1000000L + t.it_interval.tv_usec);
		t.it_interval = t.it_value = (struct timeval){us / 1000000, us % 1000000};
		setitimer(which, &t, NULL);
	}
}

// signal_waiting sends sig to this thread, once, as soon as it waits in a call; the
// sender is a child, which the caller reaps.
__attribute__((unused)) static pid_t signal_waiting(int sig) {
	pid_t to = gettid(), group = getpid(), p = fork();
	if (p == 0) {
		until_waits(to);
		_exit(syscall(SYS_tgkill, group, to, sig) != 0);
	}
	return p;
}
#define UD2() __asm__ volatile("ud2" ::: "memory")
#endif
