//e2e:lib libprobe.so lib/calls.c
//e2e:args $BIN/libprobe.so
//e2e:flags -ldl
// dlopen, dlclose and reopening at the same address; dlmopen; IFUNC.
#include "probe.h"
#include <dlfcn.h>
typedef long fn(void);
int main(int argc, char **argv) {
	void *first = NULL;
	int same = 0, ok = 0;
	for (int i = 0; i < 200; i++) {
		void *l = dlopen(argv[1], i & 1 ? RTLD_NOW : RTLD_LAZY);
		if (!l) {
			say("%s", dlerror());
			return 1;
		}
		fn *f = (fn *)dlsym(l, "probe_pid");
		ok += f() == getpid();
		if (!first)
			first = (void *)f;
		same += first == (void *)f;
		dlclose(l);
	}
	say("ok %d same address %d", ok, same > 100);
	void *l = dlmopen(LM_ID_NEWLM, argv[1], RTLD_NOW);
	if (!l)
		say("dlmopen %s", dlerror());
	else {
		fn *f = (fn *)dlsym(l, "probe_pid");
		say("in a namespace %d", f() == getpid());
		fn *g = (fn *)dlsym(l, "probe_ifunc");
		say("ifunc %ld", g());
		fn *w = (fn *)dlsym(l, "probe_write");
		say("write %ld", w());
		dlclose(l);
	}
}
