//e2e:prog loaded lib/jailed.c
//e2e:args $BIN/loaded
//e2e:own-preloaded silent: .*asked for its libraries only \(ldd\), runs untraced
//e2e:exes loaded
// The loader as a command: what it loads is traced; where it is asked for libraries only
// it does not find ours.
#include "probe.h"
static void run(const char *format, const char *program) {
	char command[2000];
	say("== %s", format);
	snprintf(command, sizeof command, format, program, program);
	strcat(command, " 2>&1 | sed 's/0x[0-9a-f]*/ADDRESS/g'");
	int st = system(command);
	say("status %d", WEXITSTATUS(st));
}
int main(int argc, char **argv) {
	setenv("SETTINGS", "1", 1);
	run("env -i SETTINGS=1 /lib64/ld-linux-x86-64.so.2 %s", argv[1]);
	run("env -i SETTINGS=1 /lib64/ld-linux-x86-64.so.2 --preload libm.so.6 --argv0 name %s", argv[1]);
	run("env -i SETTINGS=1 LD_PRELOAD=libm.so.6 /lib64/ld-linux-x86-64.so.2 %s | grep -v PRELOAD", argv[1]);
	run("/lib64/ld-linux-x86-64.so.2 --list %s", argv[1]);
	run("/lib64/ld-linux-x86-64.so.2 --verify %s; echo $?", argv[1]);
	run("/lib64/ld-linux-x86-64.so.2 --verify /etc/passwd; echo $?; true %s", argv[1]);
	run("LD_TRACE_LOADED_OBJECTS=1 %s", argv[1]);
	run("env -i LD_TRACE_LOADED_OBJECTS= %s", argv[1]);
	run("/lib64/ld-linux-x86-64.so.2 /nonexistent %s", argv[1]);
	run("/lib64/ld-linux-x86-64.so.2; true %s", argv[1]);
}
