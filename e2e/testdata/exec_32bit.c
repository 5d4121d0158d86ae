//e2e:need ia32
//e2e:prog old lib/ids.c -m32
//e2e:args $BIN/old
//e2e:own silent: .*old: a 32-bit program, runs untraced
// A 32-bit target runs untraced with one clear line, and nothing of ld.so's.
#include "probe.h"
int main(int argc, char **argv) {
	pid_t p = fork();
	if (!p) {
		execl(argv[1], "old", NULL);
		say("%s", strerror(errno));
		_exit(8);
	}
	say_child("32-bit", p);
}
