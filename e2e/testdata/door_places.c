// Calls behind instructions of two, three, four and more bytes, in the program's own text, in a static one's and in
// the C library's; the memory to which jumps in the place of those lead is the program's when it wants it, by mmap(2),
// mremap(2), brk(2) and munmap(2), and its calls are right before and behind that. A copy of the text is run elsewhere.
//e2e:need jump
//e2e:prog door_static door_places.c -static
//e2e:own-preloaded .*/door_static: statically linked, runs untraced
//e2e:not-static it starts itself
//e2e:again SYSTRAP_DOOR=jump
//e2e:again SYSTRAP_DISCOVER=0
//e2e:again SYSTRAP_DOOR=jump SYSTRAP_TRAP=int3
//e2e:again SYSTRAP_DOOR=jump SYSTRAP_TRAP=hlt
//e2e:again SYSTRAP_DISCOVER=0 SYSTRAP_TRAP=int3
#include "probe.h"

// zero reads nothing from descriptor -1: by xor %eax,%eax; the others are getppid.
#define BODY                                                                                       \
	"two: xor %eax, %eax\n syscall\n cmp $0, %rax\n ret\n"                                     \
	"two_ret: xor %eax, %eax\n syscall\n ret\n"                                                \
	"three: mov $110, %ecx\n mov %rcx, %rax\n syscall\n ret\n"                                 \
	"four: mov $100, %eax\n add $10, %rax\n syscall\n ret\n"                                   \
	"five: mov $110, %eax\n syscall\n ret\n"                                                   \
	"seven: mov $110, %rax\n syscall\n ret\n"                                                  \
	"ten: movabs $110, %rax\n syscall\n ret\n"                                                 \
	"load: mov 8(%rdi), %rax\n syscall\n ret\n"                                                \
	"twice: mov $110, %eax\n syscall\n xor %eax, %eax\n syscall\n mov $110, %eax\n syscall\n ret\n"
__asm__(".section .places,\"ax\",@progbits\n.balign 4096\nplaces:\n" BODY ".balign 4096\nplaces_end:\n.text\n");
extern char places[], places_end[];
long two(long, void *, long), two_ret(long, void *, long), three(void), four(void), five(void), seven(void), ten(void), load(long *), twice(long, void *, long);

static long parent;

// check makes each call n times and says how often all was right.
static void check(const char *what, long delta, int n) {
	long number[2] = {0, 110};
	int right = 0;
#define AT(f) ((__typeof__(&f))((char *)f + delta))
	for (int i = 0; i < n; i++)
		right += AT(two)(-1, NULL, 0) == -EBADF && AT(two_ret)(-1, NULL, 0) == -EBADF && AT(three)() == parent && AT(four)() == parent &&
			 AT(five)() == parent && AT(seven)() == parent && AT(ten)() == parent && AT(load)(number) == parent &&
			 AT(twice)(-1, NULL, 0) == parent && read(-1, NULL, 0) == -1 && getppid() == parent;
	say("%s: %d of %d", what, right, n);
}

// landings are where jumps may lead with ud2, int3 and hlt behind them.
static uint32_t tails[] = {0x0b0f, 0x05cc, 0x05f4};

static void landing(char *site, int before, char **lo, char **hi) {
	for (unsigned i = 0; i < 3; i++) {
		uint32_t rel = before == 2 ? (uint32_t)(unsigned char)site[2] << 24 | tails[i] << 8 : before == 3 ? tails[i] << 16 : tails[i] << 24;
		lo[i] = site - before + 5 + (int32_t)rel;
		hi[i] = lo[i] + (1 << (8 * (before - 1)));
	}
}

static char *heap;

// take has the program map what jumps of that site may lead to, and gives it back.
static void take(const char *what, char *site, int before, int how) {
	char *lo[3], *hi[3];
	landing(site, before, lo, hi);
	int taken = 0, kept = 0, wanted = 0;
	for (int i = 0; i < 3; i++) {
		char *at = (char *)((uintptr_t)lo[i] & -4096);
		size_t size = ((uintptr_t)hi[i] - (uintptr_t)at + 4095) & -4096;
		if ((uintptr_t)at < 65536 || (uintptr_t)at >> 46 > 1)
			continue;
		wanted++;
		if (at < heap + (64 << 20) && heap - (64 << 20) < at + size) { // it begins at random, up to a gigabyte behind the program
			taken++, kept++;
			check(what, 0, 3);
			continue;
		}
		char *p = MAP_FAILED;
		if (how == 0)
			p = mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
		if (how == 1)
			p = mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (how == 2) {
			p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
			p = mremap(p, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, at);
		}
		if (how == 3) {
			munmap(at, size);
			check(what, 0, 3);
			continue;
		}
		taken += p == at;
		if (p == MAP_FAILED) {
			check(what, 0, 3);
			continue;
		}
		memset(p, 0x5a, 4096);
		check(what, 0, 3);
		kept += p[0] == 0x5a && p[4095] == 0x5a;
		munmap(p, size);
	}
	say("%s: %d", what, how == 3 || (taken == wanted && kept == wanted));
	check(what, 0, 3);
}

static void grow(void) {
	char *end = sbrk(0);
	say("brk %d", sbrk(400 << 20) == end);
	end[300 << 20] = 1;
	check("grown", 0, 3);
	say("brk %d", sbrk(-(400 << 20)) != (void *)-1);
	check("shrunk", 0, 3);
}

static void flip(void) {
	size_t n = places_end - places;
	for (int i = 0; i < 3; i++) {
		say_result(mprotect(places, n, PROT_READ | PROT_WRITE));
		say("xor %02x %02x %02x", (unsigned char)((char *)two)[0], (unsigned char)((char *)two)[1], (unsigned char)((char *)two)[2]);
		say_result(mprotect(places, n, PROT_READ | PROT_EXEC));
		check("flipped", 0, 20);
	}
	say_result(madvise(places, n, MADV_DONTNEED));
	check("dropped", 0, 20);
	char *q = mmap(NULL, n, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	say("moved %d", mremap(places, n, n, MREMAP_MAYMOVE | MREMAP_FIXED, q) == q);
	long delta = q - places;
	long number[2] = {0, 110};
	say("%d", AT(two)(-1, NULL, 0) == -EBADF && AT(four)() == parent && AT(ten)() == parent && AT(load)(number) == parent);
	say("moved %d", mremap(q, n, n, MREMAP_MAYMOVE | MREMAP_FIXED, places) == places);
	check("moved back", 0, 20);
}

static void copy(void) {
	size_t n = places_end - places;
	for (int i = 0; i < 3; i++) {
		char *q = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		memcpy(q, places, n);
		mprotect(q, n, PROT_READ | PROT_EXEC);
		check("copied", q - places, 5);
	}
}

int main(int argc, char **argv) {
	parent = getppid();
	heap = sbrk(0);
	check("at first", 0, 300);
	parent = getpid();
	void (*all[])(void) = {grow, flip, copy};
	for (int i = 0; i < 3; i++)
		in_child("child", all[i]);
	for (int how = 0; how < 4; how++) {
		pid_t p = fork();
		if (p == 0) {
			parent = getppid();
			take("two", (char *)two + 2, 2, how);
			take("two_ret", (char *)two_ret + 2, 2, how);
			take("three", (char *)three + 8, 3, how);
			take("four", (char *)four + 9, 4, how);
			_exit(0);
		}
		say_child("taken", p);
	}
	if (argc == 1) {
		char path[PATH_MAX];
		ssize_t n = readlink("/proc/self/exe", path, sizeof path - 20);
		path[n] = 0;
		strcpy(strrchr(path, '/'), "/door_static");
		fflush(stdout);
		execl(path, "door_static", "again", NULL);
		say("execl: %m");
	}
}
