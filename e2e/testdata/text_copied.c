// A program copies its own text: back to the same addresses from anonymous memory, a
// memfd or a file, as helpers for huge pages do, and elsewhere, to run the copy. A ud2
// of its own stays one, also where it looks much like a call.
//e2e:again SYSTRAP_DISCOVER=0
//e2e:again SYSTRAP_DISCOVER=only
//e2e:again SYSTRAP_TRAP=int3
//e2e:again SYSTRAP_TRAP=hlt
#include "probe.h"
#include <dlfcn.h>

// hot_one is at the start of a page, hot_edge at the
// end of one, the syscall over it.
__asm__(".section .hot_text,\"ax\"\n"
	".balign 4096\n"
	"hot_one: mov $110, %eax\n syscall\n ret\n"
	"hot_twice: push %rbx\n mov $110, %eax\n syscall\n mov %rax, %rbx\n mov $110, %eax\n syscall\n sub %rbx, %rax\n pop %rbx\n ret\n"
	".skip 4096 - (. - hot_one) - 17\n"
	"mov %rdi, %rax\n add %rsi, %rax\n mov %rax, %rdx\n ret\n nop\n"
	"hot_edge: mov $110, %eax\n syscall\n ret\n"
	".balign 4096\n hot_end:\n"
	// A ud2 of the program's in the same surroundings as a call, in its own text.
	".text\n.balign 64\n"
	"looks: mov $110, %eax\n ud2\n ret\n.balign 64\n"
	"like: mov $110, %eax\n syscall\n ret\n.balign 64\n");
long hot_one(void), hot_twice(void), hot_edge(void), looks(void), like(void);
extern char hot_end[];

static sigjmp_buf back;
static void on_ill(int sig, siginfo_t *i, void *u) { siglongjmp(back, 1); }

#define RUN(what, f)                                                            \
	do {                                                                    \
		if (sigsetjmp(back, 1) == 0)                                    \
			say("%s: %d", what, (f) == parent);                     \
		else                                                            \
			say("%s: SIGILL", what);                                \
	} while (0)

static long parent;

static void run(const char *what) {
	RUN(what, hot_one());
	RUN(what, hot_twice() + parent);
	RUN(what, hot_edge());
	RUN(what, hot_one());
}

static char *start, *saved;
static size_t size;

static void anonymous(void) {
	say("mapped %d", mmap(start, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == start);
	memcpy(start, saved, size);
	say_result(mprotect(start, size, PROT_READ | PROT_EXEC));
	run("anonymous");
}

static void unmapped(void) {
	say_result(munmap(start, size));
	say("mapped %d", mmap(start, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == start);
	memcpy(start, saved, size);
	say_result(mprotect(start, size, PROT_READ | PROT_EXEC));
	run("unmapped");
}

static void moved(void) {
	say_result(mprotect(saved, size, PROT_READ | PROT_EXEC));
	say("moved %d", mremap(saved, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, start) == start);
	run("moved over");
}

static void of_file(const char *what, int fd) {
	if (write(fd, saved, size) != (ssize_t)size)
		say("write");
	say("mapped %d", mmap(start, size, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 0) == start);
	run(what);
}

static void memfd(void) { of_file("memfd", syscall(SYS_memfd_create, "text", 0)); }
static void file(void) { of_file("file", open("text", O_RDWR | O_CREAT | O_TRUNC, 0600)); unlink("text"); }

static void elsewhere(void) {
	char *q = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(q, saved, size);
	for (int i = 0; i < 100; i++)
		if (((long (*)(void))q)() != parent)
			say("wrong");
	RUN("elsewhere", ((long (*)(void))q)());
	RUN("elsewhere", ((long (*)(void))(q + ((char *)hot_edge - start)))());
	memset(q, 0xcc, size);
	memcpy(q + 100, hot_one, 32);
	RUN("some functions", ((long (*)(void))(q + 100))());
	char *wrapper = dlsym(RTLD_DEFAULT, "getppid");
	memcpy(q + 200, wrapper, 32);
	RUN("of the C library", ((long (*)(void))(q + 200))());
}

static void own(void) {
	RUN("its own, in the text", looks());
	RUN("like it", like());
	unsigned char *q = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(q, "\x0f\x0b\xc3", 3);
	RUN("its own, made", ((long (*)(void))q)());
	memcpy(q + 64, "\xb8\x6e\x00\x00\x00\x90\x0f\x0b\xc3", 9);
	RUN("its own, made", ((long (*)(void))(q + 64))());
	memcpy(q + 128, "\xb8\x6e\x00\x00\x00\x0f\x0b\xc3", 8);
	RUN("its own, made like a call of the C library's", ((long (*)(void))(q + 128))());
	memcpy(q + 4093, "\x90\x0f\x0b", 3);
	RUN("its own, at an end", ((long (*)(void))(q + 4093))());
	anonymous();
	memset(start, 0x90, 64);
	memcpy(start + 64, "\x0f\x0b\xc3", 3);
	RUN("its own, where calls were", hot_one());
}

int main(void) {
	on(SIGILL, on_ill, SA_NODEFER);
	parent = getppid();
	start = (char *)hot_one;
	size = hot_end - start;
	saved = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	run("at first");
	memcpy(saved, start, size);
	struct {
		const char *name;
		void (*f)(void);
	} all[] = {{"anonymous", anonymous}, {"unmapped", unmapped}, {"moved", moved}, {"memfd", memfd}, {"file", file}, {"elsewhere", elsewhere}, {"own", own}};
	for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
		pid_t p = fork();
		if (p == 0) {
			parent = getppid();
			all[i].f();
			_exit(0);
		}
		say_child(all[i].name, p);
	}
}
