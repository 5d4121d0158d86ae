// Says under which ids it runs, and whether with the loader's secure mode.
#include "../probe.h"
#include <sys/auxv.h>
int main(int argc, char **argv) {
	say("%s: uid %d euid %d gid %d secure %lu", argv[0], getuid(), geteuid(), getgid(), getauxval(AT_SECURE));
	return 7;
}
