// Seccomp filters as programs write them.
#ifndef FILTERS_H
#define FILTERS_H
#include "probe.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ARG(i) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * (i))
#define IF(v, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (v), (yes), (no))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
// filter_by_right is set for filters as a container's, without PR_SET_NO_NEW_PRIVS.
static int filter_by_right;
__attribute__((unused)) static void install(struct sock_filter *f, int n, unsigned flags) {
	struct sock_fprog p = {n, f};
	if ((!filter_by_right || geteuid()) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		say("no_new_privs: %s", strerror(errno));
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &p))
		say("seccomp: %s", strerror(errno));
}
// refuse has one call answered with action, and all others made.
__attribute__((unused)) static void refuse(int nr, unsigned action) {
	struct sock_filter f[] = {LOAD(nr), IF(nr, 0, 1), RETURN(action), RETURN(SECCOMP_RET_ALLOW)};
	install(f, 4, 0);
}
// allow_only kills for all calls that are not listed; the list ends with -1.
__attribute__((unused)) static void allow_only(const int *list) {
	struct sock_filter f[64] = {LOAD(nr)};
	int n = 1;
	for (; *list >= 0; list++) {
		f[n++] = (struct sock_filter)IF(*list, 0, 1);
		f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	}
	f[n++] = (struct sock_filter)RETURN(SECCOMP_RET_KILL_PROCESS);
	install(f, n, 0);
}
// refused_behind runs the program arg[0] behind a filter that forbids one of the n calls, for each of them and three answers.
static struct {
	char **arg;
	int nr;
	unsigned action;
} refused_run;
__attribute__((unused)) static void run_refused(void) {
	refuse(refused_run.nr, refused_run.action);
	execv(refused_run.arg[0], refused_run.arg);
	_exit(98);
}
__attribute__((unused)) static void refused_behind(const int *calls, int n, char **arg) {
	static const unsigned actions[] = {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_ERRNO | ENOSYS, SECCOMP_RET_ERRNO | EPERM};
	refused_run.arg = arg;
	for (int i = 0; i < n * 3; i++) {
		char what[64];
		refused_run.nr = calls[i / 3];
		refused_run.action = actions[i % 3];
		snprintf(what, sizeof what, "call %d answer %d", refused_run.nr, i % 3);
		in_child(what, run_refused);
	}
}
enum { answer_eperm = SECCOMP_RET_ERRNO | EPERM, answer_enosys = SECCOMP_RET_ERRNO | ENOSYS };
#endif
