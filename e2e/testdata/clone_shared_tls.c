// A process in the memory of another that goes on, and with its thread-local storage, as a leak checker's is: both make calls at the same
// time. (A hook that keeps memory of its own for each thread had one for both, and freed it twice.)
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
#include <sched.h>
#include <sys/wait.h>
static char stack[65536] __attribute__((aligned(16)));
static volatile int begun;
static long call(long nr)
{
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "0"(nr) : "rcx", "r11", "memory");
	return r;
}
static int child(void *p)
{
	int wrong = 0;
	long me = call(SYS_getpid);
	begun = 1;
	for (int i = 0; i < 3000; i++)
		wrong += call(SYS_getpid) != me;
	return wrong != 0;
}
int main(void)
{
	int status = -1, wrong = 0;
	long me = call(SYS_getpid);
	for (int round = 0; round < 5; round++) {
		begun = 0;
		pid_t pid = clone(child, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
		while (pid > 0 && !begun)
			call(SYS_sched_yield);
		for (int i = 0; i < 3000; i++)
			wrong += call(SYS_getpid) != me;
		say_result(waitpid(pid, &status, 0) == pid);
		say("status %d", status);
	}
	say("wrong %d", wrong);
	pid_t pid = fork();
	if (pid == 0)
		_exit(call(SYS_getppid) == me ? 7 : 8);
	say_result(waitpid(pid, &status, 0) == pid);
	say("status %d", WEXITSTATUS(status));
}
