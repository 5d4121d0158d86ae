// The load of the soak: threads, signals at random, forks, vforks, spawned
// programs, libraries that come and go, timers, pipes, futexes and code made at
// run time, all at once.
//
//	load SECONDS SEED REPORT LIBRARY
//
// Every thread makes marked calls, getpriority(0x5eed, N), with N counting from
// 0, and appends "TID N" to REPORT at its end: the trace must show just these.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
enum { workers = 12 };
static int report_fd;
static char *self_path, *library, *report_path;
static atomic_int stop;
static atomic_int tids[workers];
static __thread atomic_long marks;
static __thread sigjmp_buf jump;
static __thread volatile sig_atomic_t may_jump;
extern char **environ;

static void fail(const char *what) {
	dprintf(2, "load: %s: %s\n", what, strerror(errno));
	abort();
}

// mark makes a marked call. The number is taken first, so that a handler that
// runs in between has its own.
static void mark(void) {
	long n = atomic_fetch_add(&marks, 1);
	if (syscall(SYS_getpriority, 0x5eed, n) != -1 || errno != EINVAL)
		fail("getpriority");
}
static void handler(int sig, siginfo_t *info, void *uc) {
	int e = errno;
	mark();
	errno = e;
	if (sig == SIGUSR2 && may_jump) {
		may_jump = 0;
		siglongjmp(jump, 1);
	}
}
static void fault(int sig, siginfo_t *info, void *uc) { siglongjmp(jump, 2); }

static void block_all(void) {
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
}
// account ends a thread's marked calls.
static void account(void) {
	char b[64];
	block_all();
	int n = snprintf(b, sizeof b, "%d %ld\n", gettid(), atomic_load(&marks));
	if (write(report_fd, b, n) != n)
		fail("report");
	marks = 0;
}
// in_child is all that a forked child does.
static void in_child(int count) {
	block_all();
	marks = 0;
	for (int i = 0; i < count; i++)
		mark();
	account();
	_exit(7);
}
static void reap(pid_t pid, int want) {
	int st;
	while (waitpid(pid, &st, 0) != pid)
		if (errno != EINTR)
			fail("waitpid");
	if (!WIFEXITED(st) || WEXITSTATUS(st) != want) {
		dprintf(2, "load: child %d ended with status %#x, want exit %d\n", pid, st, want);
		abort();
	}
}

static void *short_thread(void *p) {
	mark();
	account();
	return NULL;
}
static void do_threads(unsigned *r) {
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		if ((errno = pthread_create(&t[i], NULL, short_thread, NULL)))
			fail("pthread_create");
	for (int i = 0; i < 4; i++) {
		if ((errno = pthread_join(t[i], NULL)))
			fail("pthread_join");
	}
}
static void do_fork(unsigned *r) {
	pid_t pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid)
		in_child(1 + rand_r(r) % 5);
	reap(pid, 7);
}
static void do_vfork(unsigned *r) {
	sigset_t all, old; // a handler in the child would count for the parent
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pid_t pid = vfork();
	if (pid < 0)
		fail("vfork");
	if (!pid) {
		execl("/bin/true", "true", NULL);
		_exit(9);
	}
	reap(pid, 0);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}
static void do_spawn(unsigned *r) {
	pid_t pid;
	char *args[] = {self_path, "child", report_path, NULL};
	if ((errno = posix_spawn(&pid, self_path, NULL, NULL, args, environ)))
		fail("posix_spawn");
	reap(pid, 7);
}
static void do_dlopen(unsigned *r) {
	void *l = dlopen(library, rand_r(r) & 1 ? RTLD_NOW : RTLD_LAZY);
	if (!l) {
		dprintf(2, "load: %s\n", dlerror());
		abort();
	}
	long (*f)(void) = (long (*)(void))dlsym(l, "probe_pid");
	if (!f || f() != getpid())
		fail("probe_pid");
	dlclose(l);
}
static void do_code(unsigned *r) {
	static const unsigned char code[] = {0xb8, SYS_getpid, 0, 0, 0, 0x0f, 0x05, 0xc3};
	unsigned char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		fail("mmap");
	memcpy(p, code, sizeof code);
	if (mprotect(p, 4096, PROT_READ | PROT_EXEC))
		fail("mprotect");
	if (((int (*)(void))p)() != getpid())
		fail("made code");
	munmap(p, 4096);
}
// do_jump leaves a call that blocks by siglongjmp, from a handler.
static void do_jump(unsigned *r) {
	int fd[2];
	char c;
	timer_t id;
	struct sigevent e = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR2};
	e._sigev_un._tid = gettid();
	struct itimerspec s = {{0, 0}, {0, 1 + rand_r(r) % 300000}};
	if (pipe(fd) || timer_create(CLOCK_MONOTONIC, &e, &id))
		fail("pipe or timer");
	if (!sigsetjmp(jump, 1)) {
		may_jump = 1;
		timer_settime(id, 0, &s, NULL);
		for (;;)
			if (read(fd[0], &c, 1) != -1 || errno != EINTR)
				fail("read of an empty pipe");
	}
	timer_delete(id);
	close(fd[0]);
	close(fd[1]);
}
static void do_fault(unsigned *r) {
	if (!sigsetjmp(jump, 1)) {
		*(volatile int *)8 = 1;
		fail("no fault");
	}
}
static void do_file(unsigned *r) {
	char name[] = "soakXXXXXX", b[4096];
	int fd = mkstemp(name);
	if (fd < 0)
		fail("mkstemp");
	memset(b, 'x', sizeof b);
	if (write(fd, b, sizeof b) != sizeof b || pread(fd, b, sizeof b, 0) != sizeof b)
		fail("file");
	close(fd);
	unlink(name);
}
static void do_timer(unsigned *r) {
	timer_t id;
	struct sigevent e = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + 1};
	e._sigev_un._tid = gettid();
	struct itimerspec s = {{0, 200000}, {0, 200000}};
	if (timer_create(CLOCK_MONOTONIC, &e, &id) || timer_settime(id, 0, &s, NULL))
		fail("timer");
	for (int i = 0; i < 20; i++)
		mark();
	struct timespec t = {0, 1000000};
	nanosleep(&t, NULL);
	timer_delete(id);
}
static int ring[2][2];
// bounce sends a byte back and forth over two pipes, with reads that block.
static void *bounce(void *p) {
	int me = p != NULL;
	char c = 'x';
	if (!me && write(ring[0][1], &c, 1) != 1)
		fail("pipe");
	for (;;) {
		ssize_t n = read(ring[me][0], &c, 1);
		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			fail("read");
		if (n < 0)
			continue;
		mark();
		if (atomic_load(&stop)) {
			close(ring[!me][1]);
			break;
		}
		while (write(ring[!me][1], &c, 1) != 1)
			if (errno != EINTR)
				fail("write");
	}
	account();
	return NULL;
}
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long guarded;
static void do_lock(unsigned *r) {
	for (int i = 0; i < 20; i++) {
		pthread_mutex_lock(&lock);
		guarded++;
		if (i % 5 == 0)
			sched_yield();
		pthread_mutex_unlock(&lock);
	}
}
static void (*const work[])(unsigned *) = {do_threads, do_fork, do_vfork, do_spawn, do_dlopen, do_code, do_jump, do_fault, do_file, do_timer, do_lock};
struct worker {
	pthread_t thread;
	int index;
	unsigned seed;
};
static void *worker(void *p) {
	struct worker *w = p;
	atomic_store(&tids[w->index], gettid());
	while (!atomic_load(&stop)) {
		mark();
		work[rand_r(&w->seed) % (sizeof work / sizeof *work)](&w->seed);
	}
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	atomic_store(&tids[w->index], 0);
	account();
	return NULL;
}
static void open_report(char *path) {
	report_path = path;
	if ((report_fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)) < 0)
		fail(path);
}
int main(int argc, char **argv) {
	if (argc == 3) { // the program that do_spawn starts
		open_report(argv[2]);
		in_child(3);
	}
	self_path = argv[0];
	unsigned seed = atoi(argv[2]);
	library = argv[4];
	open_report(argv[3]);
	struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	const int signals[] = {SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGRTMIN, SIGRTMIN + 1, SIGRTMIN + 2, SIGILL};
	sigaddset(&a.sa_mask, SIGUSR2); // it may jump away: not out of another handler
	enum { count = sizeof signals / sizeof *signals };
	for (int i = 0; i < count; i++) {
		a.sa_flags = SA_SIGINFO | (i % 2 ? SA_RESTART : 0) | (i == 0 ? SA_NODEFER : 0);
		sigaction(signals[i], &a, NULL);
	}
	// do_fault jumps out of the handler: the mask comes back with the jump.
	a.sa_sigaction = fault;
	sigaction(SIGSEGV, &a, NULL);
	struct worker w[workers];
	pthread_t b[2];
	if (pipe2(ring[0], O_CLOEXEC) || pipe2(ring[1], O_CLOEXEC))
		fail("pipe");
	for (int i = 0; i < 2; i++)
		pthread_create(&b[i], NULL, bounce, i ? &b[i] : NULL);
	for (int i = 0; i < workers; i++) {
		w[i].index = i;
		w[i].seed = rand_r(&seed);
		if ((errno = pthread_create(&w[i].thread, NULL, worker, &w[i])))
			fail("pthread_create");
	}
	struct itimerval t = {{0, 5000}, {0, 5000}};
	setitimer(ITIMER_REAL, &t, NULL);
	struct timespec end, now, nap = {0, 300000};
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += atoi(argv[1]);
	do {
		int tid = atomic_load(&tids[rand_r(&seed) % workers]);
		if (tid)
			syscall(SYS_tgkill, getpid(), tid, signals[rand_r(&seed) % count]);
		nanosleep(&nap, NULL);
		mark();
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end.tv_sec);
	memset(&t, 0, sizeof t);
	setitimer(ITIMER_REAL, &t, NULL);
	atomic_store(&stop, 1);
	for (int i = 0; i < workers; i++)
		pthread_join(w[i].thread, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(b[i], NULL);
	account();
	puts("done");
	return 0;
}
