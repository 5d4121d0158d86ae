//e2e:prog inside lib/inside.c
//e2e:args $BIN/inside
//e2e:exes inside
// The next image behind a filter that forbids one call that the program does not make:
// it starts, prints nothing of ours, and is traced.
//e2e:own-static (silent: .*inside: statically linked, runs untraced)
#include "filters.h"
static char **arg;
static void run_by_argument(void) {
	// An argument decides: only PR_SET_NO_NEW_PRIVS is allowed of prctl, and no descriptor above 99 to fcntl.
	struct sock_filter f[] = {LOAD(nr), IF(SYS_prctl, 0, 3), ARG(0), IF(PR_SET_NO_NEW_PRIVS, 4, 0), RETURN(SECCOMP_RET_KILL_PROCESS),
		IF(SYS_fcntl, 0, 2), ARG(0), BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 99, 1, 0), RETURN(SECCOMP_RET_ALLOW), RETURN(SECCOMP_RET_KILL_PROCESS)};
	install(f, 10, 0);
	execv(arg[1], arg + 1);
	_exit(98);
}
int main(int argc, char **argv) {
	static const int calls[] = {SYS_process_vm_readv, SYS_process_vm_writev, SYS_prctl, SYS_gettid, SYS_getpid, SYS_fcntl,
		SYS_personality, SYS_pwrite64, SYS_madvise, SYS_memfd_create, SYS_open, SYS_fstat, SYS_ftruncate, SYS_fallocate,
		SYS_ioctl, SYS_dup3, SYS_getuid, SYS_rt_sigtimedwait, SYS_readlink, SYS_tgkill};
	arg = argv;
	refused_behind(calls, sizeof calls / sizeof *calls, argv + 1);
	in_child("by argument", run_by_argument);
}
