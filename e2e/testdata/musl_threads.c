//e2e:cc musl-gcc
// musl's detached threads unmap their own stacks; small stacks; many signals.
#include "musl.h"
static atomic_int n, hits;
static void h(int s) { hits++; }
static void *brief(void *p) { n++; return 0; }
static void *deep(void *p) { char b[2000]; snprintf(b, sizeof b, "%p", p); for (int i = 0; i < 50; i++) getppid(); n += b[0] == '0'; return 0; }
int main(void) {
	pthread_t t;
	pthread_attr_t a;
	signal(SIGUSR1, h);
	pthread_attr_init(&a);
	pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < 300; i++) {
		while (pthread_create(&t, &a, brief, 0))
			usleep(100);
		if (i % 10 == 0)
			kill(getpid(), SIGUSR1);
	}
	while (n < 300)
		usleep(1000);
	printf("detached %d hits %d\n", n, hits);
	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, 16384);
	for (int i = 0; i < 20; i++) {
		pthread_create(&t, &a, deep, &t);
		pthread_join(t, 0);
	}
	printf("small stacks %d\n", n);
}
