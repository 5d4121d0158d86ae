// PROCESSES processes, each thread 1 of a PID namespace of its own, with THREADS threads of
// CALLS marked calls, getpriority(0x5eed, N) with an N that comes only once, and
// calls that block between them: spaces HOW PROCESSES THREADS CALLS. It exits with 77 if
// there are no namespaces here.
#include "../probe.h"
static int threads, calls, gate[2], done[2], fds[2];
static void marks(int who) {
	for (int i = 0; i < calls; i++)
		syscall(SYS_getpriority, 0x5eed, who * calls + i);
}
static void *body(void *p) {
	int me = (intptr_t)p;
	char c = 'x';
	for (int i = 0; i < calls; i++) {
		syscall(SYS_getpriority, 0x5eed, me * calls + i);
		if (i % 4 == 0 && (me & 1 ? read(fds[0], &c, 1) : write(fds[1], &c, 1)) != 1)
			abort();
	}
	return NULL;
}
static void *waits(void *p) { return pause(), p; }
// process ends with a thread in a call, or is killed.
static void process(int k, int killed) {
	pthread_t t[threads], w;
	char c;
	close(gate[1]);
	if (pipe(fds) || read(gate[0], &c, 1) != 0)
		abort();
	pthread_create(&w, NULL, waits, NULL);
	for (intptr_t i = 0; i < threads; i++)
		if (pthread_create(&t[i], NULL, body, (void *)(k * threads + i)))
			abort();
	for (int i = 0; i < threads; i++)
		pthread_join(t[i], NULL);
	if (killed && write(done[1], "x", 1) == 1)
		for (;;)
			getppid();
	exit(3);
}
static pid_t fork_flags(int f) { return syscall(SYS_clone, f | SIGCHLD, NULL, NULL, NULL, NULL); }
static int together(void *p) {
	marks((intptr_t)p);
	syscall(SYS_exit, 3);
	return 0;
}
// shares makes a child that shares this memory, and waits for it.
static void *shares(void *p) {
	static char stacks[256][16384] __attribute__((aligned(16)));
	int me = (intptr_t)p, st;
	pid_t child = clone(together, stacks[me] + sizeof stacks[me], CLONE_VM | CLONE_NEWPID | SIGCHLD, p);
	if (child < 0 || waitpid(child, &st, 0) != child || !WIFEXITED(st) || WEXITSTATUS(st) != 3)
		abort();
	return NULL;
}
int main(int argc, char **argv) {
	const char *how = argv[1];
	int processes = atoi(argv[2]);
	threads = atoi(argv[3]);
	calls = atoi(argv[4]);
	pid_t pids[processes];
	if (geteuid() != 0 && unshare(CLONE_NEWUSER) || pipe(gate) || pipe(done))
		return 77;
	pid_t p = fork_flags(CLONE_NEWPID);
	if (p == 0)
		_exit(0);
	if (p < 0 || waitpid(p, NULL, 0) != p)
		return 77;
	if (!strcmp(how, "shared")) {
		pthread_t t[threads];
		for (intptr_t i = 0; i < threads; i++)
			pthread_create(&t[i], NULL, shares, (void *)i);
		for (int i = 0; i < threads; i++)
			pthread_join(t[i], NULL);
		return 6;
	}
	int killed = !strcmp(how, "killed");
	for (int k = 0; k < processes; k++) {
		if (!strcmp(how, "unshared")) { // by a process that then makes one in it
			pids[k] = fork();
			if (pids[k] == 0) {
				int st;
				pid_t q = unshare(CLONE_NEWPID) ? -1 : fork();
				if (q == 0)
					process(k, 0);
				close(gate[1]);
				if (q < 0 || waitpid(q, &st, 0) != q)
					abort();
				exit(WEXITSTATUS(st));
			}
			continue;
		}
		pids[k] = fork_flags(CLONE_NEWPID);
		if (pids[k] == 0)
			process(k, killed);
	}
	close(gate[1]);
	for (int k = 0; k < processes; k++) {
		int st;
		char c;
		if (killed && k == 0)
			for (int i = 0; i < processes; i++)
				if (read(done[0], &c, 1) != 1)
					return 1;
		if (killed)
			kill(pids[k], SIGKILL);
		if (waitpid(pids[k], &st, 0) != pids[k] || !killed && WEXITSTATUS(st) != 3)
			return 1;
	}
	return 6;
}
