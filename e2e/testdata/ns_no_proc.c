//e2e:need root
//e2e:prog show lib/show.c
//e2e:args $BIN/show
//e2e:exes show
// A program that starts where /proc is not mounted is traced: the kernel finds its
// calls (Syscall User Dispatch), as its mappings cannot be listed.
//e2e:need dispatch
#include "probe.h"
#include <sys/mount.h>
int main(int argc, char **argv) {
	pid_t p = fork();
	if (!p) {
		if (unshare(CLONE_NEWNS) || mount("", "/", "", MS_REC | MS_PRIVATE, "") || umount2("/proc", MNT_DETACH)) {
			say("cannot unmount: %s", strerrorname_np(errno));
			_exit(1);
		}
		if (argc > 2)
			_exit(0);
		execl(argv[1], "show", "x", NULL);
		_exit(2);
	}
	say_child("without /proc", p);
}
