// Ways to end: exit of the main thread while others live, _exit in a thread,
// exit in a thread, raw exit, return, quick_exit, atexit, death of one thread.
//e2e:not-musl natively it hangs there
#include "probe.h"
static void *later(void *p) { sleep_ms(30); say("main is gone"); return NULL; }
static void *exits(void *p) { exit(7); }
static void *raw(void *p) { raw6(SYS_exit_group, 0x1234508, 0, 0, 0, 0, 0); return NULL; }
static void *killer(void *p) { kill(getpid(), SIGKILL); return NULL; }
// The code is that of the thread that is the last in exit(2) (Linux 6.0): the kernel clears this once the first one is there.
static int first = 1;
static void *last(void *p) { while (*(volatile int *)&first) sleep_ms(1); raw6(SYS_exit, 9, 0, 0, 0, 0, 0); return NULL; }
static void spawn(void *(*f)(void *)) { pthread_t t; pthread_create(&t, NULL, f, NULL); }
static void bye(void) { say("atexit"); }
static void a(void) { spawn(later); pthread_exit(NULL); }
static void b(void) { spawn(exits); pause(); }
static void c(void) { spawn(raw); pause(); }
static void d(void) { spawn(killer); pause(); }
static void e(void) { raw6(SYS_exit, 5, 0, 0, 0, 0, 0); }
static void f(void) { at_quick_exit(bye); quick_exit(6); }
static void g(void) { atexit(bye); exit(300); }
static void i(void) { syscall(SYS_set_tid_address, &first); spawn(last); raw6(SYS_exit, 3, 0, 0, 0, 0, 0); }
int main(void) {
	void (*fn[])(void) = {a, b, c, d, e, f, g, i};
	for (int k = 0; k < 8; k++) {
		char name[2] = {"abcdefgi"[k]};
		in_child(name, fn[k]);
	}
	return 0;
}
