//e2e:prog inside lib/inside.c
//e2e:args $BIN/inside
//e2e:own silent: .*the library cannot be loaded where it runs, runs untraced
// The next image behind a filter that forbids one of the calls by which ld.so loads a library: ld.so says nothing of ours.
//e2e:own-static (silent: .*inside: statically linked, runs untraced)
#include "filters.h"
int main(int argc, char **argv) {
	static const int calls[] = {SYS_read, SYS_close, SYS_mprotect, SYS_newfstatat, SYS_mmap, SYS_openat};
	refused_behind(calls, sizeof calls / sizeof *calls, argv + 1);
}
