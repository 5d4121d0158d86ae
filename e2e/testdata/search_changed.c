//e2e:lib libtwo.so lib/two.c
//e2e:args $BIN/libtwo.so
//e2e:flags -ldl
//e2e:again SYSTRAP_TRAP=int3
// What is known of an image's mappings does not outlive them: its header and its unwind
// tables are closed to us, its text is dropped, made writable, moved and mapped anew, between calls that
// are made often enough to be patched.
#include "probe.h"
#include <dlfcn.h>
#include <link.h>
typedef long fn(void);
static void often(const char *what, fn *f, long want) {
	int wrong = 0;
	for (int i = 0; i < 20; i++)
		wrong += f() != want;
	say("%s: %d wrong", what, wrong);
}
int main(int argc, char **argv) {
	for (int i = 0; i < 200; i++) // so many are reported before one is patched
		getppid();
	void *l = dlopen(argv[1], RTLD_NOW);
	if (!l) {
		say("%s", dlerror());
		return 1;
	}
	struct link_map *m;
	dlinfo(l, RTLD_DI_LINKMAP, &m);
	fn *parent = (fn *)dlsym(l, "two_parent"), *pid = (fn *)dlsym(l, "two_pid");
	char *head = (char *)m->l_addr, *page = (char *)parent;
	long size = 4096;
	often("parent", parent, getppid());
	// Its header, and with it all that leads to where functions begin.
	say_result(mprotect(head, size, PROT_NONE));
	often("pid without a header", pid, getpid());
	often("parent without a header", parent, getppid());
	say_result(mprotect(head, size, PROT_READ));
	// The text's own bytes, back from the file.
	say_result(madvise(page, size, MADV_DONTNEED));
	often("parent, dropped", parent, getppid());
	say_result(mprotect(page, size, PROT_READ | PROT_WRITE | PROT_EXEC));
	often("parent, writable", parent, getppid());
	page[0] = page[0];
	say_result(mprotect(page, size, PROT_READ | PROT_EXEC));
	often("parent, no more", parent, getppid());
	// Elsewhere, and something else in its place.
	char *to = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	say("moved %d", mremap((char *)pid, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	often("pid, moved", (fn *)to, getpid());
	char *at = mmap(pid, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	say("in its place %d", at == (char *)pid);
	memcpy(at, "\xb8\x01\x00\x00\x00\xc3", 6); // mov $1,%eax; ret
	say_result(mprotect(at, size, PROT_READ | PROT_EXEC));
	often("other code", pid, 1);
	dlclose(l);
	l = dlopen(argv[1], RTLD_NOW);
	often("parent, again", (fn *)dlsym(l, "two_parent"), getppid());
	often("pid, again", (fn *)dlsym(l, "two_pid"), getpid());
}
