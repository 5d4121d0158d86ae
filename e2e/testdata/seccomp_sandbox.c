//e2e:need seccomp
// A program in a sandbox: what is allowed, and what kills.
#include "sandbox.h"
static void allowed(void) {
	sandbox();
	for (int i = 0; i < 10; i++)
		getppid();
	say("inside");
	close(77);
	raw6(SYS_exit_group, 5, 0, 0, 0, 0, 0);
}
static void forbidden(void) { sandbox(); say("inside"); getpid(); raw6(SYS_gettid, 0, 0, 0, 0, 0, 0); }
int main(void) {
	in_child("allowed", allowed);
	in_child("forbidden", forbidden);
}
