// Signals at random in threads that make calls all the time: what a handler
// finds in its frame is always the program's own code, its stack and registers.
//e2e:again SYSTRAP_DISCOVER=only
//e2e:again SYSTRAP_DOOR=jump
//e2e:not-musl natively it ends with SIGSEGV there
#include "probe.h"
#include <sys/syscall.h>
#include <ucontext.h>
#include <link.h>
static uintptr_t lo[64], hi[64];
static int ranges;
static atomic_long handled, foreign, off_stack, calls, wrong;
static atomic_int stop, ready;
static __thread char *stack_lo, *stack_hi;

// What is executable at the start but for a library that was preloaded.
static void learn(void) {
	FILE *f = fopen("/proc/self/maps", "r");
	char line[512];
	while (fgets(line, sizeof line, f)) {
		unsigned long a, b;
		char prot[5];
		if (sscanf(line, "%lx-%lx %4s", &a, &b, prot) == 3 && prot[2] == 'x' && ranges < 64 &&
		    (strstr(line, "/libc") || strstr(line, "/ld-") || strstr(line, "[vdso]") || strstr(line, "signal_storm") || strstr(line, "libm"))) {
			lo[ranges] = a;
			hi[ranges++] = b;
		}
	}
	fclose(f);
}
static void h(int s, siginfo_t *i, void *u) {
	ucontext_t *uc = u;
	uintptr_t pc = uc->uc_mcontext.gregs[REG_RIP];
	char *sp = (char *)uc->uc_mcontext.gregs[REG_RSP];
	int ok = 0;
	for (int k = 0; k < ranges; k++)
		ok |= pc >= lo[k] && pc < hi[k];
	foreign += !ok;
	off_stack += !(sp >= stack_lo && sp < stack_hi);
	handled++;
	syscall(SYS_getppid);
}
static void *worker(void *p) {
	pthread_attr_t a;
	size_t n;
	pthread_getattr_np(pthread_self(), &a);
	pthread_attr_getstack(&a, (void **)&stack_lo, &n);
	stack_hi = stack_lo + n;
	int fd[2];
	pipe(fd);
	ready++;
	while (!stop) {
		char c = 'x';
		register long r12 __asm__("r12") = 0x1234567812345678;
		__asm__ volatile("" : "+r"(r12));
		wrong += syscall(SYS_getppid) != getppid();
		wrong += write(fd[1], &c, 1) != 1;
		wrong += read(fd[0], &c, 1) != 1 || c != 'x';
		__asm__ volatile("" : "+r"(r12));
		wrong += r12 != 0x1234567812345678;
		calls++;
	}
	return NULL;
}
int main(void) {
	pthread_t t[2];
	learn();
	on(SIGUSR1, h, SA_RESTART);
	on(SIGUSR2, h, SA_RESTART | SA_NODEFER);
	on(SIGRTMIN, h, SA_RESTART);
	stack_hi = (char *)-1;
	for (int k = 0; k < 2; k++)
		pthread_create(&t[k], NULL, worker, NULL);
	while (ready < 2)
		sleep_ms(1);
	for (int n = 0; n < 3000; n++) {
		pthread_kill(t[n % 2], n % 3 == 0 ? SIGUSR1 : n % 3 == 1 ? SIGUSR2 : SIGRTMIN);
		if (n % 16 == 0)
			sched_yield();
	}
	// With one processor the threads may not have run yet.
	for (int n = 0; handled <= 100 || calls <= 100; n++) {
		pthread_kill(t[n % 2], SIGUSR1);
		sleep_ms(1);
	}
	stop = 1;
	for (int k = 0; k < 2; k++)
		pthread_join(t[k], NULL);
	say("handled %d foreign %ld off the stack %ld calls %d wrong %ld", handled > 100, (long)foreign, (long)off_stack, calls > 100, (long)wrong);
}
