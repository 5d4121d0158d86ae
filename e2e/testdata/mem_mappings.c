// Mappings with code: a file's code mapped over and over, PROT_NONE and back,
// execute-only, MAP_SHARED (the file stays as it is), mremap, shmat, brk.
//e2e:again SYSTRAP_DISCOVER=0
#include "probe.h"
#include <sys/shm.h>
static const unsigned char code[] = {0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3};
static long run(void *p) { return ((long (*)(void))p)() == getpid(); }
int main(void) {
	int rx = PROT_READ | PROT_EXEC, fd = open("code", O_RDWR | O_CREAT, 0700);
	unsigned char b[8192] = {0};
	memcpy(b, code, sizeof code);
	memcpy(b + 4096 + 100, code, sizeof code);
	if (write(fd, b, sizeof b) != sizeof b)
		return 1;
	unsigned char *p = mmap(NULL, 8192, rx, MAP_PRIVATE, fd, 0);
	say("private %ld %ld", run(p), run(p + 4196));
	unsigned char *s = mmap(NULL, 8192, rx, MAP_SHARED, fd, 0);
	say("shared %ld %ld", run(s), run(s + 4196));
	if (pread(fd, b, 8, 0) != 8)
		return 1;
	say("file unchanged %d", memcmp(b, code, 8) == 0);
	int rw = PROT_READ | PROT_WRITE;
	unsigned char *w = mmap(NULL, 8192, rw, MAP_SHARED, fd, 0);
	say("other view unchanged %d", memcmp(w, code, 8) == 0);
	for (int i = 0; i < 3; i++) {
		mprotect(p, 8192, PROT_NONE);
		mprotect(p, 8192, i == 1 ? PROT_EXEC : rx);
		say("again %ld %ld", run(p), run(p + 4196));
	}
	mprotect(p, 4096, PROT_NONE); // only the first page
	say("second page %ld", run(p + 4196));
	munmap(p, 4096);
	say("second page %ld", run(p + 4196));
	unsigned char *n = mremap(p + 4096, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, p);
	say("moved %d %ld", n == p, run(p + 100));
	mmap(p, 4096, rx, MAP_PRIVATE | MAP_FIXED, fd, 0);
	say("replaced %ld", run(p));
	int id = shmget(IPC_PRIVATE, 4096, 0700 | IPC_CREAT);
	unsigned char *a = shmat(id, NULL, 0);
	memcpy(a, code, sizeof code);
	unsigned char *x = shmat(id, NULL, SHM_EXEC | SHM_RDONLY);
	if (x == (void *)-1)
		x = shmat(id, NULL, SHM_EXEC);
	say("shm %ld, writable view unchanged %d", run(x), memcmp(a, code, sizeof code) == 0);
	shmdt(a);
	shmdt(x);
	shmctl(id, IPC_RMID, NULL);
	for (int i = 0; i < 300; i++) {
		void *m = mmap(NULL, 4096, rx, MAP_PRIVATE, fd, 4096 * (i & 1));
		if (!run((char *)m + (i & 1 ? 100 : 0)))
			say("wrong %d", i);
		munmap(m, 4096);
	}
	say_result(munmap((void *)1, 4096));
	say_result(mprotect((void *)4096, 4096, rx));
	say_result(mmap(NULL, 0, rx, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	say_result(mmap(NULL, 4096, rx, MAP_PRIVATE, 99, 0));
	say_result(munmap(p, ~0ul));
}
