//e2e:need root
// A program whose address zero is mapped, executable too: by its personality (the
// kernel maps a page for programs of System V), and by itself, with calls there.
//e2e:again SYSTRAP_DISCOVER=0
#include "probe.h"
#include <sys/personality.h>
static const unsigned char code[] = {0x0f, 0x05, 0xc3, 0xcc, 0xb8, 110, 0, 0, 0, 0x0f, 0x05, 0xc3}; // syscall; ret; int3; mov $SYS_getppid, %eax; syscall; ret
static long call_at(unsigned long at, long nr) {
	long r;
	__asm__ volatile("call *%1" : "=a"(r) : "r"(at), "0"(nr) : "rcx", "r11", "memory");
	return r;
}
static void own(void) {
	char *zero = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	__asm__("" : "+r"(zero)); // no null pointer to the compiler
	say("mapped %d", zero == NULL);
	if (zero)
		return;
	int fd = open("zero", O_RDWR | O_CREAT, 0700);
	if (write(fd, code, sizeof code) != sizeof code || ftruncate(fd, 8192))
		return;
	memcpy(zero + 4096, code, sizeof code);
	mprotect(zero, 8192, PROT_READ | PROT_EXEC);
	say("second page %d %d", call_at(4096, SYS_getppid) == getppid(), call_at(4096 + 4, 0) == getppid());
	mmap(NULL, 8192, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 0);
	say("file %d %d", call_at(0, SYS_getppid) == getppid(), call_at(4, 0) == getppid());
	say_result(munmap(NULL, 4096));
	say_result(mprotect(NULL, 8192, PROT_READ));
}
int main(int argc, char **argv) {
	if (argc > 1) {
		char line[200] = "";
		FILE *f = fopen("/proc/self/maps", "r");
		if (fgets(line, sizeof line, f))
			say("page zero %d", strtoul(line, NULL, 16) == 0);
		getppid();
		in_child("child", (void (*)(void))getppid);
		return 0;
	}
	pid_t p = fork();
	if (!p) {
		personality(MMAP_PAGE_ZERO);
		execl("/proc/self/exe", argv[0], "x", NULL);
		_exit(9);
	}
	say_child("personality", p);
	in_child("own", own);
}
