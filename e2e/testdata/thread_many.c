// Threads: creation, TLS, mutexes, barriers, joining, detaching, many at once.
//e2e:again SYSTRAP_DISCOVER=only
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
static __thread int tls;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t bar;
static long total;
static atomic_int detached;
static void *work(void *p) {
	tls = (long)p;
	pthread_barrier_wait(&bar);
	for (int i = 0; i < 200; i++) {
		pthread_mutex_lock(&m);
		total++;
		pthread_mutex_unlock(&m);
		sched_yield();
	}
	return (void *)(long)tls;
}
static void *brief(void *p) { detached++; return NULL; }
int main(void) {
	pthread_t t[64];
	long sum = 0;
	pthread_barrier_init(&bar, NULL, 64);
	for (long i = 0; i < 64; i++)
		pthread_create(&t[i], NULL, work, (void *)i);
	for (int i = 0; i < 64; i++) {
		void *r;
		pthread_join(t[i], &r);
		sum += (long)r;
	}
	say("total %ld sum %ld", total, sum);
	for (int i = 0; i < 500; i++) {
		pthread_create(&t[0], NULL, brief, NULL);
		pthread_detach(t[0]);
		if (i % 50 == 0)
			sleep_ms(1);
	}
	while (detached < 500)
		sleep_ms(1);
	for (int i = 0; i < 1000; i++) {
		pthread_create(&t[0], NULL, brief, NULL);
		pthread_join(t[0], NULL);
	}
	say("brief %d", detached);
	pthread_mutexattr_t a;
	pthread_mutex_t rm;
	pthread_mutexattr_init(&a);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&rm, &a);
	pthread_create(&t[0], NULL, (void *(*)(void *))pthread_mutex_lock, &rm);
	pthread_join(t[0], NULL);
	say("robust %s", strerrorname_np(pthread_mutex_lock(&rm)));
}
