//e2e:own silent: a seccomp filter that looks at the instruction pointer: goes on untraced
// Filters that look at where a call comes from: one place is let through, or one library.
#include "filters.h"
static volatile int traps;
static int wrong;
extern char call_end[];
long call_here(long nr);
__asm__(".text\n.globl call_here\ncall_here: mov %rdi, %rax\n xor %edi, %edi\n syscall\n.globl call_end\ncall_end: ret\n");
static void h(int s, siginfo_t *i, void *u) {
	ucontext_t *uc = u;
	traps++;
	wrong += (long)i->si_call_addr != uc->uc_mcontext.gregs[REG_RIP];
	uc->uc_mcontext.gregs[REG_RAX] = call_here(i->si_syscall);
}
// only_here has getppid answered with action unless it comes from call_here.
static void only_here(unsigned action, unsigned flags) {
	uint64_t ip = (uint64_t)call_end;
	struct sock_filter f[] = {LOAD(nr), IF(SYS_getppid, 0, 4), LOAD(instruction_pointer), IF((uint32_t)ip, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4), IF((uint32_t)(ip >> 32), 0, 1),
		RETURN(SECCOMP_RET_ALLOW), RETURN(action)};
	install(f, 8, flags);
}
static void trap(void) {
	on(SIGSYS, h, SA_NODEFER);
	only_here(SECCOMP_RET_TRAP, 0);
	say("direct %d traps %d", call_here(SYS_getppid) == call_here(SYS_getppid), traps);
	for (int i = 0; i < 3; i++)
		say("handled %d", raw6(SYS_getppid, 0, 0, 0, 0, 0, 0) == call_here(SYS_getppid));
	say("traps %d wrong %d", traps, wrong);
}
static void error(void) {
	only_here(answer_eperm, 0);
	say("here %d elsewhere %ld", call_here(SYS_getppid) > 0, raw6(SYS_getppid, 0, 0, 0, 0, 0, 0));
}
static void kills(void) {
	only_here(SECCOMP_RET_KILL_PROCESS, 0);
	say("here %d", call_here(SYS_getppid) > 0);
	raw6(SYS_getppid, 0, 0, 0, 0, 0, 0);
}
static atomic_int stage;
static void *thread(void *a) {
	for (int i = 0; !stage; i++)
		sched_yield();
	return (void *)raw6(SYS_getppid, 0, 0, 0, 0, 0, 0);
}
static void threads(void) {
	pthread_t t;
	void *r;
	pthread_create(&t, 0, thread, 0);
	only_here(answer_eperm, SECCOMP_FILTER_FLAG_TSYNC);
	stage = 1;
	pthread_join(t, &r);
	say("thread %ld here %d", (long)r, call_here(SYS_getppid) > 0);
	pthread_create(&t, 0, thread, 0);
	pthread_join(t, &r);
	say("new thread %ld", (long)r);
}
// After it the process has its own signals, and what it execs runs.
static void later(void) {
	only_here(answer_eperm, 0);
	on(SIGILL, h, SA_RESETHAND);
	struct sigaction a;
	sigaction(SIGILL, NULL, &a);
	say("own %d", a.sa_sigaction == h);
	signal(SIGILL, SIG_DFL);
	execl("/bin/echo", "echo", "executed", NULL);
}
static void crashes(void) { only_here(answer_eperm, 0); *(volatile int *)8 = 1; }
int main(void) {
	in_child("trap", trap);
	in_child("error", error);
	in_child("kill", kills);
	in_child("threads", threads);
	in_child("later", later);
	in_child("crash", crashes);
	// One that is not valid installs nothing: the call fails as natively.
	struct sock_filter f[] = {LOAD(nr)};
	struct sock_fprog p = {1, f};
	say_result(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p));
	say_result(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 8));
}
