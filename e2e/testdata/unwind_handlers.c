// Handlers unwind the stack they interrupt (libgcc's unwinder, as backtrace(3)
// and thread cancellation use it): a blocking call; calls, forks and a vfork at
// whatever instruction a timer hits. The program's frames are all there.
//e2e:flags -fno-omit-frame-pointer
//e2e:report trapped 2000
//e2e:again SYSTRAP_DOOR=jump
//e2e:not-musl libgcc's unwinder asks glibc for objects
#include "probe.h"
#include <unwind.h>
static void *want[4];
static int wanted, seen, whole;
static volatile sig_atomic_t taken;
static _Unwind_Reason_Code frame(struct _Unwind_Context *c, void *a) {
	// At a return address the function is that of the call before it.
	int before = 0;
	unsigned long ip = _Unwind_GetIPInfo(c, &before);
	if (seen < wanted && _Unwind_FindEnclosingFunction((void *)(ip - !before)) == want[seen])
		seen++;
	return _URC_NO_REASON;
}
static void handler(int s) {
	int e = errno;
	seen = 0;
	_Unwind_Backtrace(frame, NULL);
	whole += seen == wanted;
	taken++;
	errno = e;
}
static int fds[2];
__attribute__((noinline)) static int blocks(void) {
	char c;
	return read(fds[0], &c, 1);
}
__attribute__((noinline)) static int calls(void) {
	for (int i = 0; i < 20; i++)
		getppid();
	return 0;
}
__attribute__((noinline)) static int forks(void) {
	pid_t p = raw6(SYS_fork, 0, 0, 0, 0, 0, 0);
	if (p == 0)
		raw6(SYS_exit, 0, 0, 0, 0, 0, 0);
	while (waitpid(p, NULL, 0) < 0)
		;
	return 0;
}
__attribute__((noinline)) static int vforks(void) {
	pid_t p = vfork();
	if (p == 0)
		_exit(0);
	while (waitpid(p, NULL, 0) < 0)
		;
	return 0;
}
// outer calls f until a handler has run, which a timer does soon.
__attribute__((noinline)) static int outer(int (*f)(void), int us) {
	struct itimerval soon = {.it_value = {.tv_usec = us}};
	int before = taken, r = 0;
	setitimer(ITIMER_REAL, &soon, NULL);
	while (taken == before)
		r = f();
	return r + 1;
}
int main(void) {
	struct sigaction a = {.sa_handler = handler};
	sigaction(SIGALRM, &a, NULL);
	if (pipe(fds))
		return 1;
	want[0] = blocks, want[1] = outer, want[2] = main, wanted = 3;
	pid_t sender = signal_waiting(SIGALRM);
	say_result(outer(blocks, 0));
	waitpid(sender, NULL, 0);
	say("blocking read: handlers %d, whole %d", taken, whole);
	want[0] = outer, want[1] = main, wanted = 2; // the timer may hit outside f
	int (*f[])(void) = {calls, forks, vforks};
	for (int i = 0; i < 3; i++) {
		taken = whole = 0;
		for (int k = 0; k < 300; k++)
			outer(f[i], 30 + k * 3);
		say("storm %d: handlers %d, whole %d", i, taken, whole);
	}
}
