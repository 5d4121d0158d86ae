//e2e:prog show lib/show.c
//e2e:args $BIN/show
//e2e:exes show
// Programs started with standard descriptors closed, or with a low limit, get
// the same numbers from open as natively.
#include "probe.h"
int main(int argc, char **argv) {
	if (argc > 2) {
		int a = open("/dev/null", O_RDWR), b = open("/dev/null", O_RDWR);
		int out = open("result", O_WRONLY | O_CREAT | O_APPEND, 0644);
		dprintf(out, "%s: %d %d %d\n", argv[2], a, b, out);
		return 0;
	}
	const char *c[] = {"0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-", "1>&- 2>&-"};
	for (int i = 0; i < 5; i++) {
		char cmd[1000];
		snprintf(cmd, sizeof cmd, "exec %s %s '%s' %s", argv[0], argv[1], c[i], c[i]);
		say("%s: %d", c[i], system(cmd));
		snprintf(cmd, sizeof cmd, "(ulimit -n 16; exec %s)", argv[1]);
		say("%d", system(cmd) >> 8);
	}
	say("%d", system("cat result"));
}
