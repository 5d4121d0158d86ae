/* emit MODE N: does something with an emitted getppid N times and prints the
   nanoseconds that one took, of processor time and of real time.

   MODE call:   runs it.
   MODE round:  makes its page writable, writes it, makes the page executable and
                runs it.
   MODE plain:  the calls of a round without the machine code: the page is
                readable in turn, and getppid is libc's. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* mov $SYS_getppid, %eax; syscall; ret */
static const unsigned char code[] = {0xb8, 110, 0, 0, 0, 0x0f, 0x05, 0xc3};
static unsigned char *page;

static void emit(int prot)
{
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
	memcpy(page, code, sizeof code);
	mprotect(page, 4096, PROT_READ | prot);
}

static void work(const char *mode, long n)
{
	int plain = strcmp(mode, "plain") == 0, round = strcmp(mode, "round") == 0;
	long wrong = 0, parent = getppid();
	for (; n > 0; n--) {
		if (plain || round)
			emit(plain ? 0 : PROT_EXEC);
		wrong += (plain ? getppid() : ((int (*)(void))page)()) != parent;
	}
	if (wrong)
		exit(1);
}

/* now returns a clock's time in nanoseconds. */
static double now(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	emit(PROT_EXEC);
	long n = atol(argv[2]);
	work(argv[1], n / 10); /* warm up */
	double cpu = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC);
	work(argv[1], n);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	wall = now(CLOCK_MONOTONIC) - wall;
	printf("%.2f %.2f\n", cpu / n, wall / n);
	return 0;
}
