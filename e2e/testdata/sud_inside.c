// The program uses Syscall User Dispatch itself: calls outside its range raise
// SIGSYS while the selector says so.
//e2e:need dispatch
//e2e:not-musl its fork makes calls of its own, whose order differs
#include "probe.h"
#include <sys/prctl.h>
static volatile char selector;
static volatile int caught, nr, code, same_pc;
static long raw(long n) {
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "0"(n) : "rcx", "r11", "memory");
	return r;
}
static void h(int s, siginfo_t *i, void *u) {
	greg_t *g = ((ucontext_t *)u)->uc_mcontext.gregs;
	selector = 0;
	caught++;
	nr = i->si_syscall;
	code = i->si_code;
	same_pc = (greg_t)i->si_call_addr == g[REG_RIP] && g[REG_RAX] == nr && i->si_arch == 0xc000003e;
	g[REG_RAX] = 4711;
}
static void *other(void *p) { return (void *)raw(SYS_getppid); }
int main(void) {
	pthread_t t;
	void *r;
	on(SIGSYS, h, 0);
	say_result(prctl(59, 1, 1, -1, &selector));
	say_result(prctl(59, 0, 1, 0, 0));
	say_result(prctl(59, 7, 0, 0, 0));
	say_result(prctl(59, 1, 0, 0, &selector));
	say("allowed %d", raw(SYS_getppid) == getppid());
	selector = 1;
	long v = raw(SYS_getppid);
	say("blocked %ld caught %d nr %d code %d pc %d", v, caught, nr, code, same_pc);
	pthread_create(&t, NULL, other, NULL);
	pthread_join(t, &r);
	selector = 1;
	pid_t p = fork(); // caught: 4711 is no process
	selector = 0;
	say("fork caught %d", p == 4711 && caught == 2);
	p = fork();
	if (!p) {
		selector = 1;
		_exit(raw(SYS_getppid) == 4711); // a child starts without
	}
	say_child("forked", p);
	say_result(prctl(59, 0, 0, 0, 0));
	selector = 1;
	say("off %d", raw(SYS_getppid) == getppid());
	prctl(59, 1, 0, 0, &selector);
	selector = 0;
	p = fork();
	if (!p) {
		prctl(59, 1, 0, 0, &selector);
		selector = 3;
		raw(SYS_getppid);
		_exit(1);
	}
	say_child("bad selector", p);
}
