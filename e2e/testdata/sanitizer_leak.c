//e2e:flags -fsanitize=leak
//e2e:status exit 5
//e2e:need ptrace
//e2e:again SYSTRAP_DISCOVER=only
//e2e:again SYSTRAP_DISCOVER=0
//e2e:again SYSTRAP_DOOR=jump
//e2e:not-in-libc what our memory has copies of is no leak: in the C library it is searched
// LeakSanitizer stops all threads and looks at their registers and at what they have of their stacks: of one that waits in
// a call those are the program's.
#include "probe.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
int __lsan_do_recoverable_leak_check(void);
void __sanitizer_set_report_path(const char *);
static _Atomic int waiting[2]; // thread ids
static volatile unsigned long kept[3]; // pointers with all bits turned
__attribute__((noinline)) static void wipe(void)
{
	char b[100000];
	memset(b, 0, sizeof b);
	__asm__ volatile("" ::"r"(b) : "memory");
}
static void make(int i, int n)
{
	kept[i] = ~(unsigned long)malloc(n);
	wipe();
}
// general and vector wait with the only pointer in a register.
static void *general(void *p)
{
	make(0, 1001);
	waiting[0] = gettid();
	__asm__ volatile("movq %1, %%rbx; notq %%rbx; movl %0, %%eax; syscall; xorl %%ebx, %%ebx" ::"i"(SYS_pause), "m"(kept[0]) : "rax", "rbx", "rcx", "r11", "memory");
	return p;
}
static void *vector(void *p)
{
	make(1, 1002);
	waiting[1] = gettid();
	__asm__ volatile("movq %1, %%r12; notq %%r12; movq %%r12, %%xmm5; xorl %%r12d, %%r12d; movl %0, %%eax; syscall" ::"i"(SYS_pause), "m"(kept[1]) : "rax", "r12", "xmm5", "rcx", "r11", "memory");
	return p;
}
// deep leaves a pointer far down on the part of the stack that is given up.
__attribute__((noinline)) static void deep(int n)
{
	char *volatile p[50000];
	make(2, n);
	p[0] = (char *)~kept[2];
	if (write(1, p[0], 0) != 0)
		abort();
}
static void *check(void *p)
{
	__lsan_do_recoverable_leak_check();
	return p;
}
// await waits until thread i waits in its call.
static void await(int i)
{
	char name[64], b[256] = "";
	do {
		usleep(1000);
		snprintf(name, sizeof name, "/proc/self/task/%d/stat", waiting[i]);
		int fd = waiting[i] ? open(name, O_RDONLY) : -1;
		ssize_t n = fd < 0 ? 0 : read(fd, b, sizeof b - 1);
		b[n < 0 ? 0 : n] = 0;
		close(fd);
	} while (!strstr(b, ") S"));
}
int main(void)
{
	char name[64], line[200];
	pthread_t t[2], c;
	__sanitizer_set_report_path("report");
	pthread_create(&t[0], 0, general, 0);
	pthread_create(&t[1], 0, vector, 0);
	await(0);
	await(1);
	deep(2001);
	check(NULL);
	deep(2002);
	pthread_create(&c, 0, check, 0);
	pthread_join(c, 0);
	snprintf(name, sizeof name, "report.%d", getpid());
	FILE *f = fopen(name, "r");
	while (f && fgets(line, sizeof line, f))
		if (strstr(line, "leak of"))
			say("%.*s", (int)strcspn(line, "\n"), line);
	unlink(name);
	_exit(5);
}
