// Handlers on an alternate stack of the least size, nested, in threads, and
// with a call in each of them.
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
static void h(int s, siginfo_t *i, void *u) {
	getppid();
	if (s == SIGUSR1)
		raise(SIGUSR2);
	if (s == SIGUSR2)
		raise(SIGILL);
}
static void *thread(void *p) {
	stack_t ss = {.ss_size = 65536};
	ss.ss_sp = malloc(ss.ss_size);
	sigaltstack(&ss, NULL);
	for (int i = 0; i < 100; i++)
		pthread_kill(pthread_self(), SIGUSR1);
	ss.ss_flags = SS_DISABLE;
	sigaltstack(&ss, NULL);
	free(ss.ss_sp);
	return NULL;
}
static sigjmp_buf env;
static void jump(int s, siginfo_t *i, void *u) { getppid(); siglongjmp(env, 1); }
int main(void) {
	pthread_t t[4];
	on(SIGUSR1, h, SA_ONSTACK);
	on(SIGUSR2, h, SA_ONSTACK);
	on(SIGILL, h, SA_ONSTACK);
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, thread, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	say("threads done");
	stack_t ss = {.ss_sp = malloc(65536), .ss_size = 65536}, now;
	sigaltstack(&ss, NULL);
	on(SIGUSR1, jump, SA_ONSTACK);
	for (volatile int i = 0; i < 100; i++)
		if (!sigsetjmp(env, 1))
			raise(SIGUSR1);
	sigaltstack(NULL, &now);
	say("on the stack %d", now.ss_flags);
	ss.ss_sp = malloc(65536);
	say_result(sigaltstack(&ss, NULL));
}
