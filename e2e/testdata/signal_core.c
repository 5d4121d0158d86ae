// Default actions: status and core flag are the kernel's.
#include "probe.h"
static int sig;
static void die(void) { raise(sig); say("survived %d", sig); }
static void null(void) { *(volatile int *)0 = 1; }
static void divide(void) { volatile int z = 0; z = 1 / z; }
static void trap(void) { __asm__ volatile("int3"); }
static void icebp(void) { __asm__ volatile(".byte 0xf1"); }
static void nx(void) { static char data[16]; ((void (*)(void))data)(); }
static void gp(void) { *(volatile long *)0x8000000000000000 = 1; }
static void stack(void) { volatile char b[65536]; b[0] = 1; stack(); b[1] = b[0]; }
static void aborts(void) { abort(); }
int main(void) {
	int sigs[] = {SIGHUP, SIGQUIT, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGPIPE, SIGTERM, SIGSYS, SIGXCPU, SIGCHLD, SIGURG, SIGRTMAX};
	for (int i = 0; i < 14; i++) {
		sig = sigs[i];
		in_child(strsignal(sig), die);
	}
	in_child("null", null);
	in_child("divide", divide);
	in_child("int3", trap);
	in_child("icebp", icebp);
	in_child("nx", nx);
	in_child("gp", gp);
	in_child("stack overflow", stack);
	in_child("abort", aborts);
}
