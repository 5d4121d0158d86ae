// A sandbox as OpenSSH's before the login: no rights, no file may grow, no new processes, a
// list of calls without rt_sigreturn and without what ends a trace.
#include "filters.h"
static void limited(void) {
	static const int list[] = {SYS_read, SYS_write, SYS_getpid, SYS_getrandom, SYS_mmap, SYS_munmap, SYS_brk, SYS_clock_gettime,
		SYS_rt_sigprocmask, SYS_close, SYS_poll, SYS_exit_group, -1};
	struct rlimit none = {0, 0};
	sigset_t s = set_of(SIGUSR1, 0), old;
	if (getuid() == 0 && (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534)))
		say("setresuid: %s", strerror(errno));
	setrlimit(RLIMIT_FSIZE, &none);
	setrlimit(RLIMIT_NPROC, &none);
	allow_only(list);
	for (int i = 0; i < 200; i++)
		raw6(SYS_getpid, 0, 0, 0, 0, 0, 0);
	sigprocmask(SIG_BLOCK, &s, NULL);
	sigprocmask(SIG_BLOCK, NULL, &old);
	say("inside %d", sigismember(&old, SIGUSR1));
	char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(p, 1, 1 << 20);
	say("%d", p[12345]);
	close(77);
	raw6(SYS_exit_group, 4, 0, 0, 0, 0, 0);
}
int main(void) {
	for (int i = 0; i < 3; i++)
		in_child("limited", limited);
}
