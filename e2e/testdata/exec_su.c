//e2e:prog show lib/show.c
//e2e:args $BIN/show
//e2e:exes show
// Programs that change who they are and start others: su (sudo-less, as root),
// setpriv and a login environment. What they start is followed.
//e2e:own-static (silent: .*show: statically linked, runs untraced)
#include "probe.h"
static void run(const char *format, const char *program) {
	char command[1000];
	say("== %s", format);
	snprintf(command, sizeof command, format, program);
	strcat(command, " 2>&1 | grep -v -E '^env (_|SHLVL)|^variables'");
	int st = system(command);
	say("status %d", WEXITSTATUS(st));
}
int main(int argc, char **argv) {
	if (geteuid()) {
		run("setpriv --no-new-privs %s", argv[1]); // su wants a password
		return 0;
	}
	run("su nobody -s /bin/sh -c %s", argv[1]);
	run("su nobody -m -s /bin/sh -c 'exec %s'", argv[1]);
	run("su - nobody -s /bin/sh -c %s", argv[1]);
	run("setpriv --reuid=65534 --clear-groups --reset-env %s", argv[1]);
	run("setpriv --no-new-privs %s", argv[1]);
	run("env -i su root -s /bin/sh -c 'env -i xargs -n1 %s </dev/null'", argv[1]);
}
