// An alternate stack that another thread makes read-only again and again: a handler's
// frame is there, or cannot be, and SIGSEGV's handler runs on the ordinary stack. And
// one that is unmapped, with nobody to handle that.
#include "probe.h"
static char alt[65536] __attribute__((aligned(4096)));
static volatile int hup, segv, codes, end;
__attribute__((optimize("O2"))) static void on_hup(int s) { hup++; }
static void on_segv(int s, siginfo_t *i, void *u) {
	segv++;
	codes += i->si_code == SI_KERNEL;
}
static void *toggle(void *p) {
	while (!end) {
		mprotect(alt, sizeof alt, PROT_READ);
		mprotect(alt, sizeof alt, PROT_READ | PROT_WRITE);
	}
	return 0;
}
static void gone(void) {
	signal(SIGSEGV, SIG_DFL);
	munmap(alt, sizeof alt);
	raise(SIGHUP);
	say("not reached");
}
int main(void) {
	stack_t st = {.ss_sp = alt, .ss_size = sizeof alt};
	sigaltstack(&st, 0);
	on(SIGSEGV, on_segv, 0);
	struct sigaction a = {.sa_handler = on_hup, .sa_flags = SA_ONSTACK};
	sigaction(SIGHUP, &a, 0);
	pthread_t t;
	pthread_create(&t, 0, toggle, 0);
	pid_t pid = getpid();
	for (int i = 0; i < 3000; i++)
		raw6(SYS_tkill, pid, SIGHUP, 0, 0, 0, 0);
	end = 1;
	pthread_join(t, 0);
	say("%d, all of the kernel's %d", hup + segv, codes == segv);
	mprotect(alt, sizeof alt, PROT_READ);
	hup = segv = codes = 0;
	raise(SIGHUP);
	say("read-only: %d %d %d", hup, segv, codes);
	mprotect(alt, sizeof alt, PROT_READ | PROT_WRITE);
	in_child("unmapped", gone);
}
