//e2e:need seccomp
// Programs that filter their own calls: strict mode, ERRNO, KILL, TRAP (SIGSYS
// with the right call and address), also with SIGILL in use.
//e2e:again SYSTRAP_DISCOVER=only
#include "probe.h"
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
static void filter(int nr, unsigned action) {
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog p = {4, f};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	say("filter %d", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p));
}
static void h(int s, siginfo_t *i, void *u) {
	ucontext_t *uc = u;
	say("SIGSYS code %d nr %d arch %x addr is behind the call %d rax %lld", i->si_code, i->si_syscall, i->si_arch, (long)i->si_call_addr == uc->uc_mcontext.gregs[REG_RIP], uc->uc_mcontext.gregs[REG_RAX]);
	uc->uc_mcontext.gregs[REG_RAX] = 1234;
}
static void strict(void) {
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	static const char m[] = "strict\n";
	raw6(SYS_write, 1, (long)m, sizeof m - 1, 0, 0, 0);
	raw6(SYS_exit, 3, 0, 0, 0, 0, 0);
}
static void strict_kill(void) { prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT); raw6(SYS_getpid, 0, 0, 0, 0, 0, 0); }
static void err(void) { filter(SYS_getppid, SECCOMP_RET_ERRNO | 77); say("%ld", raw6(SYS_getppid, 0, 0, 0, 0, 0, 0)); }
// opened has what no kernel would open: nobody has looked at the path.
static void opened(void) {
	filter(SYS_openat, SECCOMP_RET_ERRNO);
	say("%ld %ld", raw6(SYS_openat, -100, 8, 0, 0, 0, 0), raw6(SYS_openat, -100, 0x7ffffffff000, 0, 0, 0, 0));
}
static void kills(void) { filter(SYS_getppid, SECCOMP_RET_KILL_PROCESS); raw6(SYS_getppid, 0, 0, 0, 0, 0, 0); }
static void trap(void) {
	on(SIGSYS, h, 0);
	filter(SYS_getppid, SECCOMP_RET_TRAP);
	say("%ld", raw6(SYS_getppid, 0, 0, 0, 0, 0, 0));
	say("%ld", syscall(SYS_getppid));
}
static void no_sigaction(void) { filter(SYS_rt_sigaction, SECCOMP_RET_ERRNO | EPERM); say("%d %s", signal(SIGUSR1, SIG_IGN) == SIG_ERR, strerrorname_np(errno)); }
static void no_sigreturn_needed(void) { filter(SYS_gettid, SECCOMP_RET_KILL_PROCESS); for (int i = 0; i < 100; i++) getppid(); say("fine"); }
int main(void) {
	in_child("strict", strict);
	in_child("strict kill", strict_kill);
	in_child("errno", err);
	in_child("opened", opened);
	in_child("kill", kills);
	in_child("trap", trap);
	in_child("sigaction", no_sigaction);
	in_child("gettid", no_sigreturn_needed);
}
