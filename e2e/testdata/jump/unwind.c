// A call deep in functions, each with something in a register that unwinders need: one that comes by the jump door. It is a shared library, as
// steps.c is.
#include <stdlib.h>
#include <unistd.h>
int getpid_here(void), pause_here(void);
#define CALL(name, nr) __asm__(".text\n.globl " name "\n.hidden " name "\n.type " name ", @function\n" name ": .cfi_startproc\n" \
	"push %rbx\n.cfi_adjust_cfa_offset 8\n.cfi_offset %rbx, -16\nmovq $77, %rbx\nmovl $" nr ", %eax\nsyscall\npop %rbx\n" \
	".cfi_adjust_cfa_offset -8\nret\n.cfi_endproc\n.size " name ", . - " name "\n")
CALL("getpid_here", "39");
CALL("pause_here", "34");
__attribute__((noinline)) static int inner(int n, int waits)
{
	int r = n == 0 ? waits ? pause_here() : getpid_here() : inner(n - 1, waits);
	__asm__ volatile("" : "+r"(r)::"r12", "rbp");
	return r + n;
}
__attribute__((visibility("default"))) int steps(int argc, char **argv)
{
	if (getppid() < 0 || getppid() < 0) // the first one is for the thread to be known by
		abort();
	inner(3, argc > 1);
	return 0;
}
