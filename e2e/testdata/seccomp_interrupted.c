//e2e:need seccomp
// Parent and a sandboxed child write to one trace at once: a wait that the filter
// forbids must be one all the same.
#include "sandbox.h"
static void allowed(void) {
	sandbox();
	for (int i = 0; i < 3000; i++)
		getppid();
	say("inside");
	close(77);
	raw6(SYS_exit_group, 5, 0, 0, 0, 0, 0);
}
static void both(void) {
	pid_t p = fork();
	if (!p)
		allowed();
	for (int i = 0; i < 3000; i++)
		getppid();
	say_child("child", p);
}
int main(void) { in_child("both", both); }
