//e2e:need root
//e2e:need chroot
//e2e:own silent: .*report: cannot write the report here .SYSTRAP_REPORT.
// A process that has given up its root directory, and with it /proc, by a child that shares that (CLONE_FS), as Chromium's zygote
// does, and then installs a filter: its threads' calls are seen, their masks known, and a SIGSYS of the filter's comes to its handler.
#include "probe.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
static char stack[64 << 10] __attribute__((aligned(16)));
static char folder[] = "/tmp/rootless-XXXXXX";
static int leave(void *p) {
	_exit(chroot(folder) || chdir("/"));
}
static void handler(int sig, siginfo_t *info, void *context) {
	((ucontext_t *)context)->uc_mcontext.gregs[REG_RAX] = info->si_syscall == SYS_getpriority ? 4321 : -1;
}
static void *body(void *p) {
	sigset_t m;
	pthread_sigmask(SIG_BLOCK, NULL, &m);
	say("thread %d: getpriority %ld, SIGSYS blocked %d", (int)(intptr_t)p, syscall(SYS_getpriority, 0, 0), sigismember(&m, SIGSYS));
	return NULL;
}
static int inside(void) {
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpriority, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = {sizeof f / sizeof *f, f};
	struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_NODEFER};
	int st;
	pid_t child = clone(leave, stack + sizeof stack, CLONE_VM | CLONE_FS | CLONE_VFORK | SIGCHLD, NULL);
	waitpid(child, &st, 0);
	say("child 0x%x, /proc %d", st, access("/proc", F_OK));
	sigaction(SIGSYS, &a, NULL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p))
		say("filter %s", strerrorname_np(errno));
	for (intptr_t i = 0; i < 3; i++) {
		pthread_t t;
		pthread_create(&t, NULL, body, (void *)i);
		pthread_join(t, NULL);
	}
	say("getpriority %ld", syscall(SYS_getpriority, 0, 0));
	return 3;
}
int main(void) {
	if (!mkdtemp(folder))
		say("mkdtemp");
	pid_t p = fork();
	if (!p)
		exit(inside());
	say_child("inside", p);
	rmdir(folder);
}
