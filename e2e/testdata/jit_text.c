// A program that rewrites its own functions: text that is writable and executable
// from the start, by mprotect, and as a private mapping of a file. What was a call
// becomes a genuine ud2 and a call again.
//e2e:again SYSTRAP_DISCOVER=0
//e2e:need dispatch
//e2e:report discovered 800
#include "pages.h"
// As in pages.h, in a section that is writable and executable.
__asm__(".pushsection .rwx,\"awx\",@progbits\n.balign 4096\n"
	FUNCTION("rwx_getppid", "mov $110, %eax\nsyscall")
	".balign 4096\n.popsection");
extern char rwx_getppid[];
static volatile int ud2s;
static void sigill(int s, siginfo_t *i, void *u) {
	greg_t *g = ((ucontext_t *)u)->uc_mcontext.gregs;
	ud2s += (greg_t)i->si_addr == g[REG_RIP];
	g[REG_RIP] += 2;
}
static void rewrite(const char *what, char *f) {
	int right = 0;
	ud2s = 0;
	on(SIGILL, sigill, 0);
	for (int i = 0; i < 100; i++) {
		right += page_run(f) == getppid();
		f[6] = 0x0b;
		right += page_run(f) == SYS_getppid;
		f[6] = 0x05;
		right += page_run(f) == getppid();
	}
	say("%s: right %d, ud2 %d", what, right, ud2s);
}
static void unlike(const char *what, const void *f) {
	say("%s: bytes as written %d", what, memcmp(f, "\xb8\x6e\0\0\0\x0f\x05\xc3", 8) == 0);
}
int main(void) {
	int rwx = PROT_READ | PROT_WRITE | PROT_EXEC;
	unlike("writable segment", rwx_getppid);
	rewrite("writable segment", rwx_getppid);
	say_result(mprotect(rwx_getppid, 4096, PROT_READ | PROT_EXEC));
	say("executable: %d", page_run(rwx_getppid) == getppid());
	say_result(mprotect(rwx_getppid, 4096, rwx));
	rewrite("writable segment, turned", rwx_getppid);
	page_runs("text", 10);
	say_result(mprotect(PAGES, pages_size, rwx));
	unlike("text made writable", page_getppid);
	rewrite("text made writable", page_getppid);
	page_getppid[6] = 0x0b;
	say_result(mprotect(PAGES, pages_size, PROT_READ | PROT_EXEC));
	on(SIGILL, sigill, 0);
	ud2s = 0;
	say("a ud2 for good: %d", page_run(page_getppid) == SYS_getppid && ud2s == 1);
	say_result(mprotect(PAGES, pages_size, rwx));
	page_getppid[6] = 0x05;
	say_result(mprotect(PAGES, pages_size, PROT_READ | PROT_EXEC));
	page_runs("text again", 10);
	int fd = open("code", O_RDWR | O_CREAT, 0700);
	if (ftruncate(fd, 8))
		return 1;
	char *p = mmap(NULL, 4096, rwx, MAP_PRIVATE, fd, 0);
	memcpy(p, "\xb8\x6e\0\0\0\x0f\x05\xc3", 8);
	rewrite("file", p);
}
