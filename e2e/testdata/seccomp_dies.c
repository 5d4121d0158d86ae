// How a sandboxed process ends by a signal, whatever it may not call.
#include "filters.h"
static void fault(void) { *(volatile int *)8 = 1; }
static void ud2(void) { UD2(); }
static void divide(void) { volatile int z = 0, one = 1; one = one / z; }
static void term(void) { raw6(SYS_tgkill, raw6(SYS_getpid, 0, 0, 0, 0, 0, 0), raw6(SYS_gettid, 0, 0, 0, 0, 0, 0), SIGTERM, 0, 0, 0); }
static void forbidden(void) { raw6(SYS_getppid, 0, 0, 0, 0, 0, 0); }
static void (*how)(void);
static const int *list;
static void run(void) {
	allow_only(list);
	how();
	raw6(SYS_exit_group, 9, 0, 0, 0, 0, 0);
}
static void by_other(const char *what) {
	int ready[2];
	char c;
	if (pipe(ready))
		_exit(97);
	pid_t p = fork();
	if (!p) {
		allow_only(list);
		raw6(SYS_write, ready[1], (long)"x", 1, 0, 0, 0);
		for (;;)
			raw6(SYS_read, ready[0], (long)&c, 0, 0, 0, 0);
	}
	if (read(ready[0], &c, 1) != 1)
		say("no sign of life");
	kill(p, SIGTERM);
	say_child(what, p);
	close(ready[0]);
	close(ready[1]);
}
int main(void) {
	static const int few[] = {SYS_read, SYS_write, SYS_exit_group, SYS_rt_sigreturn, SYS_tgkill, SYS_getpid, SYS_gettid, -1};
	static const int some[] = {SYS_read, SYS_write, SYS_exit_group, SYS_rt_sigreturn, SYS_tgkill, SYS_getpid, SYS_gettid, SYS_rt_sigaction, SYS_rt_sigprocmask, -1};
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	for (int i = 0; i < 2; i++) {
		list = i ? some : few;
		how = fault;
		in_child("fault", run);
		how = ud2;
		in_child("ud2", run);
		how = divide;
		in_child("divide", run);
		how = term;
		in_child("term", run);
		how = forbidden;
		in_child("forbidden", run);
		by_other("by another process");
	}
}
