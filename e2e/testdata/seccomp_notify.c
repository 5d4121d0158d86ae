//e2e:need notify
//e2e:again SYSTRAP_DOOR=jump
// Calls that a supervisor answers: it sees the arguments, and lets some be made.
#include "filters.h"
#include <sys/ioctl.h>
static int listen_on(int nr) {
	struct sock_filter f[] = {LOAD(nr), IF(nr, 0, 1), RETURN(SECCOMP_RET_USER_NOTIF), RETURN(SECCOMP_RET_ALLOW)};
	struct sock_fprog p = {4, f};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &p);
}
// supervise answers n calls: with 1000 and their number, or by having them made.
static int fd_n[2];
static atomic_int go;
static void *supervise(void *a) {
	while (!go)
		sched_yield();
	for (int i = 0; i < fd_n[1]; i++) {
		struct seccomp_notif q = {0};
		struct seccomp_notif_resp r = {0};
		if (ioctl(fd_n[0], SECCOMP_IOCTL_NOTIF_RECV, &q)) {
			say("receive: %s", strerror(errno));
			break;
		}
		r.id = q.id;
		if (q.data.nr == SYS_getppid)
			r.val = 1000 + q.data.args[0];
		else
			r.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		ioctl(fd_n[0], SECCOMP_IOCTL_NOTIF_SEND, &r);
	}
	return NULL;
}
static int nr;
static void supervised(void) {
	pthread_t t;
	fd_n[1] = nr == SYS_getppid ? 3 : 2;
	pthread_create(&t, NULL, supervise, NULL); // the filter is not for this thread
	fd_n[0] = listen_on(nr);
	go = 1;
	if (nr == SYS_getppid) {
		for (int i = 0; i < 3; i++)
			say("%ld", raw6(nr, i, 0, 0, 0, 0, 0));
	} else {
		sigset_t s = set_of(SIGUSR1, 0), old;
		say("%ld", raw6(nr, SIG_BLOCK, (long)&s, 0, 8, 0, 0));
		say("%ld", raw6(nr, SIG_BLOCK, 0, (long)&old, 8, 0, 0));
		say("%d", sigismember(&old, SIGUSR1));
	}
	raw6(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}
int main(void) {
	nr = SYS_getppid;
	in_child("answered", supervised);
	nr = SYS_rt_sigprocmask;
	in_child("made", supervised);
}
