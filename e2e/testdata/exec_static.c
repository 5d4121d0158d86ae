//e2e:prog still lib/ids.c -static
//e2e:args $BIN/still
//e2e:own-preloaded silent: .*still: statically linked, runs untraced
// A static target runs untraced with one clear line.
#include "probe.h"
int main(int argc, char **argv) {
	for (int i = 0; i < 2; i++) {
		pid_t p = fork();
		if (!p) {
			char *env[] = {"A=b", NULL};
			execle(argv[1], "still", NULL, i ? env : environ);
			_exit(8);
		}
		say_child("static", p);
	}
}
