// All that the log goes through at once: mixed HOW THREADS CALLS. Threads of several processes make
// marked calls, getpriority(0x5eed, N) with an N that comes only once, and long and blocking ones
// between them, while processes are killed in the middle of theirs and others execute themselves; with HOW
// "filtered", half way, a process installs a filter that leaves the log to write(2).
#include "../probe.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
enum { WORKERS = 4, EXECS = 10, VICTIMS = 30 };
static int threads, calls, first, filters, fds[2], null;
static char text[3000];
static void mark(int n) {
	syscall(SYS_getpriority, 0x5eed, n);
	if (n % 3 == 0 && write(null, text, n % 3000) < 0)
		abort();
}
static void no_fallocate(void) {
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fallocate, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = {sizeof f / sizeof *f, f};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &p))
		abort();
}
static void *body(void *p) {
	int me = (intptr_t)p;
	char c = 'x';
	for (int i = 0; i < calls; i++) {
		mark(first + me * calls + i);
		if (i % 8 == 0 && (me & 1 ? read(fds[0], &c, 1) : write(fds[1], &c, 1)) != 1)
			abort();
		if (filters && me == 0 && i == calls / 2)
			no_fallocate();
	}
	return NULL;
}
static int work(void) {
	pthread_t t[threads];
	if (pipe(fds))
		abort();
	for (intptr_t i = 0; i < threads; i++)
		if (pthread_create(&t[i], NULL, body, (void *)i))
			abort();
	for (int i = 0; i < threads; i++)
		pthread_join(t[i], NULL);
	return 3;
}
static void *forever(void *p) {
	for (int i = 0;; i++)
		if (write(null, text, i % 3000) < 0)
			abort();
	return p;
}
static int executes(int n) {
	char b[32], th[32], ca[32];
	for (int i = 0; i < calls; i++)
		mark(WORKERS * threads * calls + (EXECS - n) * calls + i);
	if (n == 1)
		return 3;
	snprintf(b, sizeof b, "%d", n - 1);
	snprintf(th, sizeof th, "%d", threads);
	snprintf(ca, sizeof ca, "%d", calls);
	execl("/proc/self/exe", "mixed", b, th, ca, NULL);
	abort();
}
int main(int argc, char **argv) {
	threads = atoi(argv[2]);
	calls = atoi(argv[3]);
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	memset(text, 'x', sizeof text);
	if (atoi(argv[1]))
		return executes(atoi(argv[1]));
	pid_t pids[WORKERS + 1];
	for (int k = 0; k <= WORKERS; k++)
		if ((pids[k] = fork()) == 0) {
			if (k == WORKERS)
				return executes(EXECS);
			first = k * threads * calls;
			filters = k == 0 && !strcmp(argv[1], "filtered");
			return work();
		}
	for (int i = 0; i < VICTIMS; i++) {
		pid_t p = fork();
		if (p == 0) {
			pthread_t t;
			pthread_create(&t, NULL, forever, NULL);
			forever(NULL);
		}
		usleep(1000 + i * 300);
		kill(p, SIGKILL);
		waitpid(p, NULL, 0);
	}
	for (int k = 0; k <= WORKERS; k++) {
		int st;
		if (waitpid(pids[k], &st, 0) != pids[k] || !WIFEXITED(st) || WEXITSTATUS(st) != 3)
			return 1;
	}
	return 6;
}
