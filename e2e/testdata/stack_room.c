// Calls made with little memory below rsp, and with none: on small coroutines, at the
// very beginning of a stack, in threads and after fork. Natively the kernel does not
// look at rsp.
//e2e:not-musl musl has no makecontext
#include "probe.h"
static char *guarded(size_t room) {
	size_t n = (room + 4095) & ~4095UL;
	char *p = mmap(0, n + 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(p, 4096, PROT_NONE);
	return p + 4096 + room;
}
static long saved[2];
// call_at makes a call with rsp = sp and the 128 bytes of the red zone, if there are
// any, as they were.
static long call_at(char *sp, long nr) {
	long r;
	__asm__ volatile("mov %%rsp, %%rbx; mov %2, %%rsp; syscall; mov %%rbx, %%rsp" : "=a"(r) : "0"(nr), "r"(sp) : "rcx", "r11", "rbx", "memory");
	return r;
}
static void rooms(const char *who) {
	static const size_t room[] = {0, 8, 128, 136, 512, 1024, 2048, 3000, 4096};
	int ok = 0, kept = 0;
	for (int i = 0; i < 9; i++) {
		char *sp = guarded(room[i]);
		memset(sp - room[i], 0x5a, room[i]);
		ok += call_at(sp, SYS_getppid) == getppid();
		size_t k = 0;
		while (k < room[i] && sp[-1 - (long)k] == 0x5a)
			k++;
		kept += k == room[i];
	}
	say("%s: %d of 9, memory below rsp kept %d", who, ok, kept);
}
static void *thread(void *p) {
	rooms("thread");
	return 0;
}
static ucontext_t back, there;
static int steps;
static void coroutine(void) {
	for (int i = 0; i < 50; i++) {
		steps += raw6(SYS_getppid, 0, 0, 0, 0, 0, 0) > 0;
		raw6(SYS_rt_sigprocmask, SIG_BLOCK, 0, 0, 8, 0, 0);
		raw6(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	}
	swapcontext(&there, &back);
}
int main(void) {
	rooms("main");
	pthread_t t;
	pthread_create(&t, 0, thread, 0);
	pthread_join(t, 0);
	pid_t p = fork();
	if (!p) {
		rooms("child");
		_exit(3);
	}
	say_child("child", p);
	if (!(p = vfork()))
		_exit(call_at(guarded(16), SYS_getppid) > 0 ? 4 : 5);
	say_child("vfork", p);
	getcontext(&there);
	there.uc_stack.ss_sp = guarded(1024) - 1024;
	there.uc_stack.ss_size = 1024;
	there.uc_link = &back;
	makecontext(&there, coroutine, 0);
	swapcontext(&back, &there);
	say("coroutine of 1024 bytes: %d", steps);
	(void)saved;
}
