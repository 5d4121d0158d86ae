//e2e:need command:make
//e2e:prog show lib/show.c
//e2e:args $BIN/show
//e2e:exes show sh xargs make
// Descendants behind env -i, xargs, make, nested shells and setsid are followed.
#include "probe.h"
int main(int argc, char **argv) {
	char cmd[2000];
	const char *f[] = {"env -i %s", "env -i sh -c 'env -i %s'", "echo x | xargs -n1 %s", "setsid -w %s", "nice %s", "nohup %s 2>/dev/null", "sh -c 'exec %s'",
			   "printf 'a:\\n\\t@%s; true\\n' > Makefile; make -s", "(unset LD_PRELOAD PATH HOME; exec %s)", "env -u LD_PRELOAD -u SYSTRAP_REPORT A=b %s"};
	setenv("LD_PRELOAD", "", 1);
	for (int i = 0; i < 10; i++) {
		char *e = strdup(f[i]);
		snprintf(cmd, sizeof cmd, f[i], argv[1]);
		say("== %s", e);
		int st = system("true");
		st = system(strcat(cmd, " | grep -v -E '^env (_|SHLVL)|^variables'"));
		say("status %d", WEXITSTATUS(st));
	}
}
