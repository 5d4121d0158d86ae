// A call deep in functions, each with something in a register that unwinders need: one that comes by the jump door. It is a shared library, as
// steps.c is, or a program.
//
// Usage: unwind [wait|step|brief|loop|threads]
//
// Waits for a signal in such a call; or waits, and then makes one, that has two bytes before it with brief; or a few of each kind, while
// another thread makes them, too, with threads.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
int getpid_here(int), pause_here(int), brief_here(int), three_here(int), four_here(int);
#define CALL(name, number) __asm__(".text\n.globl " name "\n.hidden " name "\n.type " name ", @function\n" name ": .cfi_startproc\n" \
	"push %rbx\n.cfi_adjust_cfa_offset 8\n.cfi_offset %rbx, -16\nmovq $77, %rbx\n" name "_insn: " number "\n" name "_site: syscall\n" name "_behind: pop %rbx\n" \
	".cfi_adjust_cfa_offset -8\nret\n.cfi_endproc\n.size " name ", . - " name "\n")
CALL("getpid_here", "movl $39, %eax");
CALL("pause_here", "movl $34, %eax");
CALL("brief_here", "movl %ebx, %eax"); // ftruncate(2), of no file
CALL("three_here", "movq %rbx, %rax");
CALL("four_here", ".byte 0x48, 0x8d, 0x43, 0"); // leaq 0(%rbx), %rax
__attribute__((noinline)) static int inner(int n, int (*call)(int))
{
	int r = n == 0 ? call(-1) : inner(n - 1, call);
	__asm__ volatile("" : "+r"(r)::"r12", "rbp");
	return r + n;
}
static void handler(int s) {}

static void *calls(void *p)
{
	for (int i = 0; i < 3; i++) {
		if (getpid_here(-1) != getpid() || brief_here(-1) != -EBADF || three_here(-1) != -EBADF || four_here(-1) != -EBADF)
			abort();
	}
	return p;
}

__attribute__((visibility("default"))) int steps(int argc, char **argv)
{
	if (getppid() < 0 || getppid() < 0) // the first one is for the thread to be known by
		abort();
	pthread_t other;
	switch (argc > 1 ? argv[1][0] : 0) {
	case 0:
		inner(3, getpid_here);
		break;
	case 'w':
		inner(3, pause_here);
		break;
	case 't':
		pthread_create(&other, NULL, calls, NULL);
		// fallthrough
	case 'l':
		signal(SIGUSR1, handler);
		inner(3, pause_here);
		calls(NULL);
		if (argv[1][0] == 't')
			pthread_join(other, NULL);
		break;
	default:
		signal(SIGUSR1, handler);
		inner(3, pause_here);
		inner(3, argv[1][0] == 'b' ? brief_here : getpid_here);
	}
	return 0;
}
