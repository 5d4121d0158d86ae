// Marked calls, getpriority(0x5eed, N), in situations that a log which is mapped
// has to cope with: logmap WHAT N [LOG]. Each is told in main.
#include "../probe.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
static int next;
static void marks(int n) {
	for (int i = 0; i < n; i++)
		syscall(SYS_getpriority, 0x5eed, next++);
}
static void *forever(void *p) {
	for (int i = 0;; i++)
		syscall(SYS_getpriority, 0x5eed, i);
	return p;
}
static int allow_little(void) {
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpriority, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigreturn, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = {sizeof f / sizeof *f, f};
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p);
}
int main(int argc, char **argv) {
	const char *what = argv[1], *log = argc > 3 ? argv[3] : NULL;
	int n = atoi(argv[2]);
	if (!strcmp(what, "plain")) {
		marks(n);
	} else if (!strcmp(what, "blocked")) { // a fault would be the end
		sigset_t all;
		sigfillset(&all);
		marks(n);
		sigprocmask(SIG_SETMASK, &all, NULL);
		marks(n);
		if (log && truncate(log, 0))
			return 1;
		marks(n);
	} else if (!strcmp(what, "truncated")) { // the log is emptied meanwhile
		marks(n);
		if (truncate(log, 0))
			return 1;
		marks(n);
	} else if (!strcmp(what, "added")) { // somebody else appends to it
		marks(n);
		int fd = open(log, O_WRONLY | O_APPEND);
		if (write(fd, "a line of its own\n", 18) != 18)
			return 1;
		close(fd);
		marks(n);
	} else if (!strcmp(what, "filtered")) { // only write(2) is left
		marks(n);
		if (allow_little())
			return 1;
		marks(n);
	} else if (!strcmp(what, "strict")) { // any call but four would be the end
		marks(n);
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))
			return 1;
		for (int i = 0; i < n; i++)
			write(99, "x", 1);
		syscall(SYS_exit, 7);
	} else if (!strcmp(what, "limited")) { // SIGXFSZ would be the end
		struct rlimit small = {100 << 10, 100 << 10};
		marks(n);
		if (setrlimit(RLIMIT_FSIZE, &small))
			return 1;
		marks(n);
	} else if (!strcmp(what, "space")) { // no more addresses
		struct rlimit none = {1 << 20, 1 << 20};
		marks(n);
		if (setrlimit(RLIMIT_AS, &none))
			return 1;
		marks(n);
	} else if (!strcmp(what, "families")) { // children by vfork and by fork, which exec or exit
		for (int i = 0; i < 4; i++) {
			pid_t p = i % 2 ? fork() : vfork();
			if (p == 0) {
				marks(n);
				if (i < 2)
					execl(argv[0], argv[0], "plain", argv[2], NULL);
				_exit(0);
			}
			waitpid(p, NULL, 0);
			marks(n);
		}
	} else if (!strcmp(what, "killed")) { // all threads of a child, at any moment
		for (int i = 0; i < n; i++) {
			pid_t p = fork();
			if (p == 0) {
				pthread_t t;
				for (int k = 0; k < 3; k++)
					pthread_create(&t, NULL, forever, NULL);
				forever(NULL);
			}
			usleep(3000 + i * 137);
			kill(p, SIGKILL);
			waitpid(p, NULL, 0);
		}
		if (log)
			kill(getpid(), SIGKILL);
	}
	return 7;
}
