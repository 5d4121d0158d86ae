// Small stacks: minimal threads, minimal alternate stacks, coroutines of 16 KiB.
//e2e:not-musl musl has no makecontext
#include "probe.h"
static void *body(void *p) {
	char b[512];
	int n = snprintf(b, sizeof b, "%ld", (long)p);
	for (int i = 0; i < 100; i++)
		getppid();
	return (void *)(long)n;
}
static void h(int s, siginfo_t *i, void *u) {
	stack_t now;
	sigaltstack(NULL, &now);
	getppid();
	say("handler %d on the alternate stack %d", s, (now.ss_flags & SS_ONSTACK) != 0);
}
static ucontext_t back, co;
static void coroutine(void) {
	for (int i = 0; i < 5; i++) {
		getppid();
		say("coroutine %d", i);
		swapcontext(&co, &back);
	}
}
int main(void) {
	pthread_attr_t a;
	pthread_t t;
	pthread_attr_init(&a);
	say_result(pthread_attr_setstacksize(&a, PTHREAD_STACK_MIN));
	for (long i = 0; i < 8; i++) {
		void *r;
		if (pthread_create(&t, &a, body, (void *)i))
			return 1;
		pthread_join(t, &r);
		say("thread %ld", (long)r);
	}
	stack_t ss = {.ss_size = sysconf(_SC_MINSIGSTKSZ) + 8192}, old;
	ss.ss_sp = malloc(ss.ss_size);
	say_result(sigaltstack(&ss, &old));
	say("old flags %d", old.ss_flags);
	on(SIGUSR1, h, SA_ONSTACK);
	on(SIGILL, h, SA_ONSTACK);
	raise(SIGUSR1);
	raise(SIGILL);
	void *page = mmap(NULL, 4096 + 16384, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect((char *)page + 4096, 16384, PROT_READ | PROT_WRITE);
	getcontext(&co);
	co.uc_stack.ss_sp = (char *)page + 4096;
	co.uc_stack.ss_size = 16384;
	co.uc_link = &back;
	makecontext(&co, coroutine, 0);
	for (int i = 0; i < 5; i++) {
		swapcontext(&back, &co);
		say("main %d", i);
	}
}
