// A call deep in functions, each with something in a register that unwinders need: one that comes by the jump door. It is a shared library, as
// steps.c is, or a program.
//
// Usage: unwind [wait|step|brief]
//
// Waits for a signal in such a call; or waits, and then makes one, that has two bytes before it with brief.
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
int getpid_here(void), pause_here(void), brief_here(void);
#define CALL(name, number) __asm__(".text\n.globl " name "\n.hidden " name "\n.type " name ", @function\n" name ": .cfi_startproc\n" \
	"push %rbx\n.cfi_adjust_cfa_offset 8\n.cfi_offset %rbx, -16\nmovq $77, %rbx\n" name "_insn: " number "\n" name "_site: syscall\npop %rbx\n" \
	".cfi_adjust_cfa_offset -8\nret\n.cfi_endproc\n.size " name ", . - " name "\n")
CALL("getpid_here", "movl $39, %eax");
CALL("pause_here", "movl $34, %eax");
CALL("brief_here", "movl %ebx, %eax"); // ftruncate
__attribute__((noinline)) static int inner(int n, int (*call)(void))
{
	int r = n == 0 ? call() : inner(n - 1, call);
	__asm__ volatile("" : "+r"(r)::"r12", "rbp");
	return r + n;
}
static void handler(int s) {}
__attribute__((visibility("default"))) int steps(int argc, char **argv)
{
	if (getppid() < 0 || getppid() < 0) // the first one is for the thread to be known by
		abort();
	switch (argc > 1 ? argv[1][0] : 0) {
	case 0:
		inner(3, getpid_here);
		break;
	case 'w':
		inner(3, pause_here);
		break;
	default:
		signal(SIGUSR1, handler);
		inner(3, pause_here);
		inner(3, argv[1][0] == 'b' ? brief_here : getpid_here);
	}
	return 0;
}
