//e2e:lib libprobe.so lib/calls.c
//e2e:args $BIN/libprobe.so
// Another preloaded library beside ours, before and behind, survives.
#include "probe.h"
#include <dlfcn.h>
int main(int argc, char **argv) {
	if (argc > 2) {
		long (*f)(void) = (long (*)(void))dlsym(RTLD_DEFAULT, "probe_pid");
		say("preloaded %d", f && f() == getpid());
		return 0;
	}
	const char *sep[] = {"%s", "%s:libm.so.6", "libm.so.6:%s", "libm.so.6 %s"};
	for (int i = 0; i < 4; i++) {
		char v[600];
		snprintf(v, sizeof v, sep[i], argv[1]);
		const char *ours = getenv("LD_PRELOAD");
		char *old = ours ? strdup(ours) : NULL;
		if (i & 1 && ours)
			snprintf(v + strlen(v), sizeof v - strlen(v), ":%s", ours);
		setenv("LD_PRELOAD", v, 1);
		pid_t p = fork();
		if (!p)
			execl(argv[0], argv[0], argv[1], "x", NULL);
		say_child("child", p);
		old ? setenv("LD_PRELOAD", old, 1) : unsetenv("LD_PRELOAD");
	}
}
