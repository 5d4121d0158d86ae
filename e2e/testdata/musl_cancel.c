//e2e:cc musl-gcc
// musl decides about cancellation by where the signal found the program
// counter: inside its system call stub or behind it.
#include "musl.h"
static int fds[2];
static atomic_int ready;
static void cleanup(void *p) { printf("clean-up %s\n", (char *)p); }
static void *reader(void *p) {
	char b[1];
	pthread_cleanup_push(cleanup, "read");
	ready = 1;
	read(fds[0], b, 1);
	pthread_cleanup_pop(0);
	return 0;
}
static void *sleeper(void *p) {
	pthread_cleanup_push(cleanup, "sleep");
	ready = 1;
	sleep(1000000);
	pthread_cleanup_pop(0);
	return 0;
}
int main(void) {
	void *(*fn[])(void *) = {reader, sleeper};
	if (pipe(fds))
		return 1;
	for (int i = 0; i < 6; i++) {
		pthread_t t;
		void *r;
		ready = 0;
		pthread_create(&t, 0, fn[i % 2], 0);
		while (!ready)
			;
		if (i > 1)
			usleep(20000);
		pthread_cancel(t);
		pthread_join(t, &r);
		printf("cancelled %d\n", r == PTHREAD_CANCELED);
	}
}
