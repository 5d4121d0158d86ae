// Parent and a sandboxed child write to one trace at once: a wait that the filter
// forbids must be one all the same.
#include "probe.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
static void sandbox(void) {
	int ok[] = {SYS_read, SYS_write, SYS_exit_group, SYS_rt_sigreturn, SYS_getppid, SYS_futex, SYS_close};
	struct sock_filter f[20] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	int n = 1;
	for (int i = 0; i < 7; i++) {
		f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ok[i], 0, 1);
		f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	struct sock_fprog p = {n, f};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p))
		say("seccomp %s", strerror(errno));
}
static void allowed(void) {
	sandbox();
	for (int i = 0; i < 3000; i++)
		getppid();
	say("inside");
	close(77);
	raw6(SYS_exit_group, 5, 0, 0, 0, 0, 0);
}
static void both(void) {
	pid_t p = fork();
	if (!p)
		allowed();
	for (int i = 0; i < 3000; i++)
		getppid();
	say_child("child", p);
}
int main(void) { in_child("both", both); }
