//e2e:prog inside lib/inside.c
//e2e:args $BIN/inside
//e2e:exes inside
//e2e:own-static (silent: .*inside: statically linked, runs untraced)
// An exec behind a filter that kills, or answers, for a call by which it is followed: by a child, by one that shares its parent's
// memory and whose filter is not its parent's, and by a thread.
#include "filters.h"
static char **arg;
static const int calls[] = {SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_waitid, SYS_wait4, SYS_close_range, SYS_kill,
	SYS_tgkill, SYS_futex, SYS_pread64, SYS_reboot};
enum { all = sizeof calls / sizeof *calls };
static int made_by_it(int nr) { return nr == SYS_wait4 || nr == SYS_futex || nr == SYS_pread64; }
static void shares_memory(void) {
	for (int i = 0; i < all * 2; i++) {
		if (made_by_it(calls[i / 2]))
			continue;
		pid_t p = vfork();
		if (p == 0) {
			refuse(calls[i / 2], i % 2 ? answer_eperm : SECCOMP_RET_KILL_PROCESS);
			execv(arg[1], arg + 1);
			_exit(98);
		}
		say_child("vforked", p);
		p = vfork(); // behind no filter
		if (p == 0) {
			execv(arg[1], arg + 1);
			_exit(98);
		}
		say_child("vforked without", p);
	}
}
static void *thread(void *a) {
	refuse(*(int *)a, SECCOMP_RET_KILL_PROCESS);
	execv(arg[1], arg + 1);
	_exit(98);
}
static int nr;
static void of_thread(void) {
	pthread_t t;
	pthread_create(&t, NULL, thread, &nr);
	pthread_join(t, NULL);
}
int main(int argc, char **argv) {
	arg = argv;
	int own[all], n = 0;
	for (int i = 0; i < all; i++)
		if (!made_by_it(calls[i]))
			own[n++] = calls[i];
	refused_behind(own, n, argv + 1);
	shares_memory();
	for (int i = 0; i < n; i++) {
		nr = own[i];
		in_child("thread", of_thread);
	}
}
