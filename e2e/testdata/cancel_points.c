// Thread cancellation, deferred and asynchronous, with clean-up handlers.
//e2e:again SYSTRAP_DISCOVER=only
//e2e:again SYSTRAP_DOOR=jump
//e2e:not-musl natively it ends with SIGSEGV there
#include "probe.h"
static int fds[2];
static atomic_int ready, asked;
static void cleanup(void *p) { say("clean-up %s", (char *)p); }
static void *deferred(void *p) {
	char b[1];
	pthread_cleanup_push(cleanup, "read");
	ready = 1;
	if (read(fds[0], b, 1))
		say("read returned");
	pthread_cleanup_pop(0);
	return NULL;
}
static void *async(void *p) {
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	pthread_cleanup_push(cleanup, "loop");
	ready = 1;
	for (;;)
		__asm__ volatile("pause");
	pthread_cleanup_pop(0);
	return NULL;
}
static void *calls(void *p) {
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	ready = 1;
	for (;;)
		syscall(SYS_getppid);
}
static void *waits(void *p) {
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t c = PTHREAD_COND_INITIALIZER;
	pthread_mutex_lock(&m);
	pthread_cleanup_push(cleanup, "cond");
	ready = 1;
	pthread_cond_wait(&c, &m);
	pthread_cleanup_pop(0);
	return NULL;
}
static void *disabled(void *p) {
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	ready = 1;
	while (!asked)
		sched_yield();
	say("still here");
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_testcancel();
	return NULL;
}
int main(void) {
	void *(*fn[])(void *) = {deferred, async, calls, waits, disabled};
	if (pipe(fds))
		return 1;
	for (int k = 0; k < 5; k++)
		for (int n = 0; n < (k == 2 ? 50 : 3); n++) {
			pthread_t t;
			void *r;
			ready = asked = 0;
			pthread_create(&t, NULL, fn[k], NULL);
			while (!ready)
				sched_yield();
			if (n & 1)
				sleep_ms(5);
			pthread_cancel(t);
			asked = 1;
			pthread_join(t, &r);
			if (n < 3)
				say("%d cancelled %d", k, r == PTHREAD_CANCELED);
		}
}
