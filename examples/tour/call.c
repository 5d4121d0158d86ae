// One system call to look at.
#include <stdio.h>
#include <sys/syscall.h>

__attribute__((noinline)) long call(long number)
{
	long result;
	__asm__ volatile("here: syscall\n behind:" : "=a"(result) : "0"(number) : "rcx", "r11", "memory");
	return result;
}

int main(void)
{
	printf("%d\n", call(SYS_getppid) > 0);
	return 0;
}
