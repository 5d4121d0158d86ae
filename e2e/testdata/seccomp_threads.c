//e2e:report discovered 4
// Filters and threads: for all of them at once, and threads that begin behind one, which
// run code that the program makes.
#include "filters.h"
#include "jit.h"
static unsigned char *code;
static atomic_int stage;
static void *thread(void *a) {
	while (!stage)
		sched_yield();
	long r = raw6(SYS_getppid, 0, 0, 0, 0, 0, 0);
	return (void *)(a ? jit_run(code + jit_call) == r : r);
}
static void at_once(void) {
	pthread_t t[4];
	void *r;
	stage = 0;
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], 0, thread, 0);
	struct sock_filter f[] = {LOAD(nr), IF(SYS_getppid, 0, 1), RETURN(SECCOMP_RET_ERRNO | 33), RETURN(SECCOMP_RET_ALLOW)};
	install(f, 4, SECCOMP_FILTER_FLAG_TSYNC);
	stage = 1;
	for (int i = 0; i < 4; i++) {
		pthread_join(t[i], &r);
		say("%ld", (long)r);
	}
}
static void behind(void) {
	pthread_t t;
	void *r;
	refuse(SYS_process_vm_readv, SECCOMP_RET_KILL_PROCESS);
	stage = 1;
	for (int i = 0; i < 8; i++) {
		pthread_create(&t, 0, thread, code);
		pthread_join(t, &r);
		say("code %ld", (long)r);
	}
}
// A filter of one thread is not one of the others.
static void *alone(void *a) {
	refuse(SYS_getppid, SECCOMP_RET_ERRNO | 44);
	return (void *)raw6(SYS_getppid, 0, 0, 0, 0, 0, 0);
}
static void one(void) {
	pthread_t t;
	void *r;
	pthread_create(&t, 0, alone, 0);
	pthread_join(t, &r);
	say("%ld %d", (long)r, raw6(SYS_getppid, 0, 0, 0, 0, 0, 0) > 0);
}
// A child that shares this memory for a moment has a filter of its own.
static void child(void) {
	pid_t p = vfork();
	if (!p) {
		refuse(SYS_getppid, SECCOMP_RET_ERRNO | 55);
		execl("/bin/true", "true", NULL);
		_exit(96);
	}
	say_child("vfork", p);
	say("%d", raw6(SYS_getppid, 0, 0, 0, 0, 0, 0) > 0);
}
int main(void) {
	code = jit_pages(4096, jit_rwx);
	jit_put(code);
	in_child("at once", at_once);
	in_child("behind", behind);
	in_child("one", one);
	in_child("child", child);
}
