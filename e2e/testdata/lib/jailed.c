// Prints what a program finds that something else has left to it: its environment, but
// for the user's settings of the library where it is traced, and its descriptors.
#include "../probe.h"
int main(int argc, char **argv) {
	for (char **e = environ; *e; e++)
		if (!getenv("SETTINGS") || (strncmp(*e, "SYSTRAP_", 8) && strncmp(*e, "LD_PRELOAD=", 11)))
			say("%s: %s", argv[0], *e);
	for (int i = 3; i < 2400; i++)
		if (fcntl(i, F_GETFD) >= 0)
			say("%s: descriptor %d", argv[0], i);
	struct rlimit r;
	getrlimit(RLIMIT_NOFILE, &r);
	getppid();
	return 3;
}
