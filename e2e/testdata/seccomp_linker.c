//e2e:prog inside lib/inside.c
//e2e:args $BIN/inside
//e2e:own silent: .*the library cannot be loaded where it runs, runs untraced
// The next image behind a filter that forbids one of the calls by which ld.so loads a library: ld.so says nothing of ours.
#include "filters.h"
static char **arg;
static int nr;
static unsigned action;
static void run(void) {
	refuse(nr, action);
	execv(arg[1], arg + 1);
	_exit(98);
}
int main(int argc, char **argv) {
	static const int calls[] = {SYS_read, SYS_close, SYS_mprotect, SYS_newfstatat, SYS_mmap, SYS_openat};
	arg = argv;
	for (int i = 0; i < sizeof calls / sizeof *calls; i++)
		for (int k = 0; k < 3; k++) {
			char what[64];
			nr = calls[i];
			action = k == 0 ? SECCOMP_RET_KILL_PROCESS : k == 1 ? answer_enosys : answer_eperm;
			snprintf(what, sizeof what, "call %d answer %d", nr, k);
			in_child(what, run);
		}
}
