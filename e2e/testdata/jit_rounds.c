// Writable and executable in turn, with other code each time: what runs is what
// was written last, and what is read back is what was written.
//e2e:again SYSTRAP_DISCOVER=0 JIT_BLIND=1
//e2e:need dispatch
//e2e:report discovered 243
#include "jit.h"
enum { rounds = 60, pages = 3 };
static unsigned char model[pages * 4096];
int main(void) {
	unsigned char *p = jit_pages(sizeof model, jit_rw);
	int calls = 0, wrong = 0, unlike = 0;
	unsigned seed = 1;
	for (int r = 0; r < rounds; r++) {
		mprotect(p, sizeof model, jit_rw);
		unlike += memcmp(p, model, sizeof model) != 0;
		int at[4];
		for (int i = 0; i < 4; i++) {
			// One unit in each page; the last one may straddle two, over the old code.
			seed = seed * 1103515245 + 12345;
			at[i] = i < pages ? i * 4096 + 64 + (seed >> 16) % 2000 : 4096 - (seed >> 16) % jit_size;
			jit_put(p + at[i]);
			jit_put(model + at[i]);
		}
		mprotect(p, sizeof model, jit_rx);
		if (!jit_blind)
			unlike += memcmp(p, model, sizeof model) != 0;
		for (int i = 0; i < 4; i++, calls++)
			wrong += !jit_right(p + at[i]);
	}
	say("units %d wrong %d, readback unlike %d, ud2 %d", calls, wrong, unlike, jit_ud2s);
	// A page of many is turned; its neighbours stay executable.
	for (int r = 0; r < 20; r++) {
		unsigned char *q = p + r % pages * 4096;
		mprotect(q, 4096, jit_rw);
		memset(q, 0xcc, 4096);
		jit_put(q);
		mprotect(q, 4096, r & 1 ? jit_rx : jit_rwx);
	}
	for (int i = 0; i < pages; i++)
		jit_check("one of many", p + i * 4096);
	// Read through the kernel while it is executable, and written to a file.
	if (!jit_blind) {
		unsigned char b[jit_size];
		struct iovec l = {b, jit_size}, m = {p, jit_size};
		int fd = open("dump", O_RDWR | O_CREAT, 0600), self = open("/proc/self/mem", O_RDONLY);
		say("written %zd", write(fd, p, jit_size));
		say("read %zd", pread(fd, b, jit_size, 0));
		say("unchanged in a file %d", memcmp(b, jit_unit, jit_size) == 0);
		say("read %zd", process_vm_readv(getpid(), &l, 1, &m, 1, 0));
		say("unchanged by process_vm_readv %d", memcmp(b, jit_unit, jit_size) == 0);
		say("read %zd", pread(self, b, jit_size, (off_t)p));
		say("unchanged in /proc/self/mem %d", memcmp(b, jit_unit, jit_size) == 0);
	}
}
