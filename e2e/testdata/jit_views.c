// Code that is not written where it runs: two views of one memfd, another process's
// and the own process_vm_writev, /proc/self/mem, read(2).
//e2e:again SYSTRAP_DISCOVER=0 JIT_BLIND=1
//e2e:need dispatch
//e2e:report discovered 208
#include "jit.h"
#include <sys/prctl.h>

static void views(void) {
	int fd = memfd_create("jit", MFD_CLOEXEC);
	if (ftruncate(fd, 8192))
		return;
	unsigned char *w = mmap(NULL, 8192, jit_rw, MAP_SHARED, fd, 0), *x = mmap(NULL, 8192, jit_rx, MAP_SHARED, fd, 0);
	int wrong = 0, unlike = 0;
	for (int i = 0; i < 200; i++) {
		int at = i * 37 % 4096 + 16;
		memset(w, 0xcc, 8192);
		jit_put(w + at);
		wrong += !jit_right(x + at);
		unlike += memcmp(w, x, 8192) != 0;
	}
	say("two views: wrong %d, unlike %d", wrong, unlike);
	unsigned char *x2 = mmap(NULL, 8192, jit_rx, MAP_SHARED, fd, 0);
	jit_put(w);
	jit_check("third view", x2);
	mprotect(x2, 8192, jit_rw);
	mprotect(x2, 8192, jit_rx);
	jit_check("third view, turned", x2);
	say("views alike %d", memcmp(w, x2, 8192) == 0);
	pid_t p = fork();
	if (!p) { // the child's stores show in the parent
		memset(w, 0xcc, 4096);
		jit_put(w + 256);
		_exit(!jit_right(x + 256));
	}
	say_child("child", p);
	jit_check("written by the child", x + 256);
	if (pwrite(fd, jit_unit, jit_size, 1024) != jit_size)
		return;
	jit_check("written to the file", x + 1024);
}

static void written_by_others(void) {
	unsigned char *p = jit_pages(4096, jit_rw);
	memset(p, 0x90, 4096);
	mprotect(p, 4096, jit_rx);
	struct iovec from = {(void *)jit_unit, jit_size}, to = {p, jit_size};
	// The kernel asks for the same right as ptrace; a child is not an ancestor (ptrace(2), Yama).
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	int mem = open("/proc/self/mem", O_RDWR);
	say("pwrite %zd", pwrite(mem, jit_unit, jit_size, (off_t)p));
	jit_check("/proc/self/mem", p);
	// A ud2 where the call was.
	unsigned char other[jit_size];
	memcpy(other, jit_unit, jit_size);
	other[jit_call + 6] = 0x0b;
	say("pwrite %zd", pwrite(mem, other, jit_call + 8, (off_t)p));
	int before = jit_ud2s;
	long r = jit_run(p);
	say("/proc/self/mem: %ld, ud2 %d", r, jit_ud2s - before);
	mprotect(p, 4096, jit_rwx);
	to.iov_base = p + 512;
	say("process_vm_writev, own: %zd", process_vm_writev(getpid(), &from, 1, &to, 1, 0));
	jit_check("process_vm_writev, own", p + 512);
	to.iov_base = p + 1024;
	pid_t c = fork();
	if (!c)
		_exit(process_vm_writev(getppid(), &from, 1, &to, 1, 0) != jit_size);
	say_child("writer", c);
	jit_check("process_vm_writev, child", p + 1024);
	c = fork();
	if (!c) {
		char path[64];
		snprintf(path, sizeof path, "/proc/%d/mem", getppid());
		_exit(pwrite(open(path, O_RDWR), jit_unit, jit_size, (off_t)p + 1536) != jit_size);
	}
	say_child("writer", c);
	jit_check("/proc/PID/mem, child", p + 1536);
	int fds[2];
	if (pipe(fds) || write(fds[1], jit_unit, jit_size) != jit_size)
		return;
	say("read %zd", read(fds[0], p + 2048, jit_size));
	jit_check("read from a pipe", p + 2048);
}

int main(void) {
	views();
	written_by_others();
}
