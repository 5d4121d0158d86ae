/* loop MODE N: makes N getppid calls, or what MODE says, and prints the nanoseconds that one took:
   of processor time, which other programs on the machine disturb little, and
   of real time.

   MODE bare:  executes the SYSCALL instruction, whoever traps it.
   MODE ud2:   changes that instruction to UD2 first and makes the call in the
               smallest possible SIGILL handler: what any library that traps by
               signal has to pay on this machine.
   MODE getppid, read, write: the C library's function, of one byte of /dev/zero
               and /dev/null. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <fcntl.h>
#include <unistd.h>

extern unsigned char site[];

__attribute__((noinline)) static void loop(long n)
{
	for (; n > 0; n--) {
		long r = SYS_getppid;
		__asm__ volatile(".globl site\nsite: syscall" : "+a"(r) : : "rcx", "r11", "memory");
	}
}

__attribute__((naked)) static void restorer(void)
{
	__asm__("mov $15, %eax; syscall");
}

static void handler(int sig, siginfo_t *info, void *context)
{
	greg_t *g = ((ucontext_t *)context)->uc_mcontext.gregs;
	register long r10 __asm__("r10") = g[REG_R10];
	register long r8 __asm__("r8") = g[REG_R8];
	register long r9 __asm__("r9") = g[REG_R9];
	long r = g[REG_RAX];
	__asm__ volatile("syscall" : "+a"(r) : "D"(g[REG_RDI]), "S"(g[REG_RSI]), "d"(g[REG_RDX]), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
	g[REG_RAX] = r;
	g[REG_RIP] += 2;
	(void)sig, (void)info;
}

/* The kernel's struct sigaction (include/linux/signal_types.h). */
struct kernel_sigaction {
	void (*handler)(int, siginfo_t *, void *);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

static void trap(void)
{
	/* SA_SIGINFO, SA_RESTORER, SA_NODEFER */
	struct kernel_sigaction act = {handler, 0x4 | 0x04000000 | 0x40000000, restorer, 0};
	if (syscall(SYS_rt_sigaction, SIGILL, &act, NULL, 8) != 0) {
		perror("sigaction");
		exit(1);
	}
	uintptr_t page = (uintptr_t)site & ~4095ul;
	mprotect((void *)page, 8192, PROT_READ | PROT_WRITE | PROT_EXEC);
	site[1] = 0x0b;
	mprotect((void *)page, 8192, PROT_READ | PROT_EXEC);
}

/* now returns a clock's time in nanoseconds. */
static double now(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int fd;
static char byte;
static void loop_getppid(long n) { while (n-- > 0) getppid(); }
static void loop_read(long n) { while (n-- > 0) if (read(fd, &byte, 1) != 1) exit(1); }
static void loop_write(long n) { while (n-- > 0) if (write(fd, &byte, 1) != 1) exit(1); }

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	if (strcmp(argv[1], "ud2") == 0)
		trap();
	void (*loops)(long) = loop;
	if (strcmp(argv[1], "getppid") == 0)
		loops = loop_getppid;
	if (strcmp(argv[1], "read") == 0)
		loops = loop_read, fd = open("/dev/zero", O_RDONLY);
	if (strcmp(argv[1], "write") == 0)
		loops = loop_write, fd = open("/dev/null", O_WRONLY);
	long n = atol(argv[2]);
	loops(n / 10); /* warm up */
	double cpu = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC);
	loops(n);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	wall = now(CLOCK_MONOTONIC) - wall;
	printf("%.2f %.2f\n", cpu / n, wall / n);
	return 0;
}
