//e2e:not-launched what a static program starts is not traced, as nothing of ours is in its environment
//e2e:prog launch lib/launch.c -static
//e2e:prog inside lib/inside.c
//e2e:args $BIN/launch $BIN/inside
//e2e:own silent: .*launch: statically linked, runs untraced
//e2e:exes inside
// A program that was put behind a filter by one that is not traced, so that nothing is
// known of it.
#include "filters.h"
int main(int argc, char **argv) {
	char *lib = getenv("LD_PRELOAD");
	for (int i = 0; i < 8; i++) {
		char n[2] = {'0' + i};
		pid_t p = fork();
		if (!p) {
			execl(argv[1], argv[1], n, argv[2], lib ? lib : "", NULL);
			_exit(98);
		}
		say_child(n, p);
	}
}
