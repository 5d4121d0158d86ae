//e2e:lib libprobe.so lib/calls.c
//e2e:env LD_BIND_NOW=1
//e2e:env LD_LIBRARY_PATH=$BIN
//e2e:flags -ldl
// LD_BIND_NOW and a search path; many libraries.
#include "probe.h"
#include <dlfcn.h>
int main(void) {
	const char *l[] = {"libprobe.so", "libm.so.6", "libz.so.1", "libcrypt.so.1", "libresolv.so.2", "libpthread.so.0", "libnss_files.so.2", "libgcc_s.so.1", "libstdc++.so.6", "libanl.so.1"};
	for (int i = 0; i < 10; i++) {
		void *h = dlopen(l[i], RTLD_NOW | RTLD_GLOBAL);
		say("%s %d", l[i], h != NULL);
	}
	say("%d", getpid() == raw6(SYS_getpid, 0, 0, 0, 0, 0, 0));
}
