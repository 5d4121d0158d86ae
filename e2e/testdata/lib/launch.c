// Puts itself behind a filter and runs a program with LD_PRELOAD: launch N program library.
#include "../filters.h"
int main(int argc, char **argv) {
	static const int odd[] = {SYS_process_vm_readv, SYS_prctl, SYS_gettid, SYS_personality, SYS_pwrite64, SYS_madvise, SYS_memfd_create, SYS_fallocate};
	int which = argv[1][0] - '0';
	filter_by_right = which >= 4;
	switch (which % 4) {
	case 0:
	case 1:
		for (int i = 0; i < sizeof odd / sizeof *odd; i++)
			refuse(odd[i], which % 4 == 0 ? SECCOMP_RET_KILL_PROCESS : answer_enosys);
		break;
	case 2: // a container's: some are answered with EPERM, one by its argument
		refuse(SYS_process_vm_writev, answer_eperm);
		struct sock_filter f[] = {LOAD(nr), IF(SYS_personality, 0, 3), ARG(0), IF(0xffffffff, 1, 0), RETURN(answer_eperm), RETURN(SECCOMP_RET_ALLOW)};
		install(f, 6, 0);
		break;
	case 3: // what a plain program needs, and nothing else
		allow_only((int[]){SYS_read, SYS_write, SYS_openat, SYS_close, SYS_newfstatat, SYS_mmap, SYS_mprotect, SYS_munmap, SYS_brk,
			SYS_pread64, SYS_access, SYS_execve, SYS_arch_prctl, SYS_set_tid_address, SYS_set_robust_list, SYS_rseq, SYS_prlimit64,
			SYS_getrandom, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_clone, SYS_clone3, SYS_wait4, SYS_futex, SYS_exit, SYS_exit_group,
			SYS_madvise, -1});
	}
	char *options = getenv("SYSTRAP_OPTIONS"), more[500];
	if (options) { // one trace, not a new one
		snprintf(more, sizeof more, "%s -A", options);
		setenv("SYSTRAP_OPTIONS", more, 1);
	}
	if (*argv[3])
		setenv("LD_PRELOAD", argv[3], 1);
	execl(argv[2], argv[2], argv[1], NULL);
	_exit(97);
}
