// Every way in which a page becomes executable, and every way in which executable
// pages move, shrink, grow, go and come back.
//e2e:again SYSTRAP_DISCOVER=0 JIT_BLIND=1
//e2e:need dispatch
//e2e:report discovered 31
#include "jit.h"
#include <sys/personality.h>
#include <sys/shm.h>

static void file_ways(void) {
	static unsigned char page[8192];
	int fd = open("code", O_RDWR | O_CREAT, 0700);
	jit_put(page);
	jit_put(page + 4096 - 16); // straddles the two
	if (write(fd, page, sizeof page) != sizeof page)
		return;
	unsigned char *p = mmap(NULL, 8192, jit_rx, MAP_PRIVATE, fd, 0);
	jit_check("private file", p);
	jit_check("private file, straddling", p + 4096 - 16);
	mprotect(p, 8192, jit_rw);
	say("private file, writable again: bytes unchanged %d", memcmp(p, page, sizeof page) == 0);
	memset(p, 0x90, 4096 - 16);
	jit_put(p + 1024);
	mprotect(p, 8192, jit_rx);
	jit_check("private file, written", p + 1024);
	jit_check("private file, kept", p + 4096 - 16);
	p = mmap(p, 8192, jit_rx, MAP_SHARED | MAP_FIXED, fd, 0);
	jit_check("shared file over it", p);
	p = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, fd, 0);
	mprotect(p, 4096, jit_rx);
	jit_check("file made executable", p);
	p = mmap(NULL, 8192, jit_rwx, MAP_PRIVATE, fd, 0);
	jit_check("writable file", p);
	jit_put(p + 2048);
	jit_check("writable file, written", p + 2048);
	pread(fd, page, 4096, 0);
	say("file unchanged %d", memcmp(page, jit_unit, jit_size) == 0);
}

static void protections(void) {
	unsigned char *p = jit_pages(3 * 4096, jit_rw);
	munmap(p + 8192, 4096);
	jit_put(p);
	mprotect(p, 4096, jit_rx);
	jit_check("mprotect", p);
	jit_put(p + 4096);
	// Not pkey_alloc: key 0 is every page's, and -1 none in particular. Without
	// protection keys in the processor there is no key 0 (EINVAL).
	say_result(syscall(SYS_pkey_mprotect, p + 4096, 4096, jit_rx, -1));
	jit_check("pkey_mprotect without a key", p + 4096);
	say_result(syscall(SYS_pkey_mprotect, p + 4096, 4096, jit_rx, 0));
	jit_check("pkey_mprotect", p + 4096);
	mprotect(p, 4096, PROT_EXEC);
	say("execute only: %d", jit_run(p) == getppid());
	mprotect(p, 8192, jit_rx);
	jit_check("readable again", p);
	mprotect(p, 8192, PROT_NONE);
	mprotect(p, 8192, jit_rx);
	jit_check("from nothing", p + 4096);
	say_result(mprotect(p, 3 * 4096, jit_rx)); // fails behind the mapping
	jit_check("after a failure", p);
}

static void moves(void) {
	unsigned char *p = jit_pages(4 * 4096, jit_rw);
	for (int i = 0; i < 4; i++)
		jit_put(p + i * 4096);
	mprotect(p, 4 * 4096, jit_rx);
	jit_check("four pages", p + 3 * 4096);
	unsigned char *hole = jit_pages(16 * 4096, PROT_NONE);
	unsigned char *q = mremap(p, 4 * 4096, 4 * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, hole);
	jit_check("moved", q + 3 * 4096);
	say("shrunk in place: %d", mremap(q, 4 * 4096, 2 * 4096, 0) == q);
	jit_check("shrunk", q + 4096);
	munmap(q + 2 * 4096, 2 * 4096);
	say("grown in place: %d", mremap(q, 2 * 4096, 4 * 4096, 0) == q);
	jit_check("grown", q);
	mprotect(q + 2 * 4096, 4096, jit_rw);
	jit_put(q + 2 * 4096);
	mprotect(q + 2 * 4096, 4096, jit_rx);
	jit_check("grown, new page", q + 2 * 4096);
	p = mremap(q, 2 * 4096, 2 * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, hole + 8 * 4096);
	jit_check("half of it moved", p + 4096);
	jit_check("half of it kept", q + 2 * 4096);
	p = mremap(p, 2 * 4096, 2 * 4096, MREMAP_MAYMOVE | MREMAP_DONTUNMAP | MREMAP_FIXED, hole + 12 * 4096);
	jit_check("moved, place kept", p);
	say("place kept is empty: %d", hole[8 * 4096] == 0);
	munmap(p, 2 * 4096);
	p = mmap(p, 4096, jit_rw, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memset(p, 0x90, 4096);
	memcpy(p + jit_call + 5, "\x0f\x0b\xc3", 3); // a ud2 where the syscall was
	mprotect(p, 4096, jit_rx);
	int before = jit_ud2s;
	jit_run(p);
	say("address used again: ud2 counted %d", jit_ud2s - before);
	p = mmap(p, 4096, jit_rwx, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	jit_put(p);
	jit_check("mapped over, writable", p);
	mprotect(p, 4096, jit_rx);
	jit_check("mapped over", p);
}

static void shared(void) {
	int id = shmget(IPC_PRIVATE, 8192, IPC_CREAT | 0700);
	unsigned char *w = shmat(id, NULL, 0), *x = shmat(id, NULL, SHM_EXEC | SHM_RDONLY);
	shmctl(id, IPC_RMID, NULL);
	jit_put(w);
	jit_check("shmat, executable view", x);
	say("shmat, writable view unchanged: %d", memcmp(w, jit_unit, jit_size) == 0);
	say_result(shmdt(x));
	x = shmat(id, x, SHM_EXEC);
	jit_put(x + 4096);
	jit_check("shmat, writable and executable", x + 4096);
	x = mmap(NULL, 4096, jit_rwx, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	jit_put(x);
	jit_check("shared, anonymous", x);
}

static void implied(void) {
	say("personality %x", personality(READ_IMPLIES_EXEC));
	unsigned char *p = jit_pages(4096, jit_rw);
	jit_put(p);
	jit_check("read implies exec, mmap", p);
	mprotect(p, 4096, PROT_READ);
	jit_check("read implies exec, mprotect", p);
	unsigned char *h = sbrk(8192);
	jit_put(h + 4096);
	jit_check("read implies exec, brk", h + 4096);
	personality(0);
	p = jit_pages(4096, PROT_READ | PROT_WRITE);
	pid_t c = fork();
	if (!c) {
		jit_put(p);
		jit_run(p);
		_exit(0);
	}
	int st;
	waitpid(c, &st, 0);
	say("no longer: signal %d", WTERMSIG(st));
}

int main(void) {
	file_ways();
	protections();
	moves();
	shared();
	in_child("implied", implied);
	unsigned char stack[8192], *p = (unsigned char *)(((uintptr_t)stack + 4095) & ~4095ul);
	say_result(mprotect(p, 4096, jit_rwx));
	jit_put(p);
	jit_check("on the stack", p);
}
