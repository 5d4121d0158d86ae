// The first thread has ended: /proc/self has no descriptors, no memory and no text any
// more. What is mapped then is found, and the last thread ends the process.
//e2e:env SYSTRAP_DISCOVER=1
//e2e:report mappings 4
//e2e:status exit 3
//e2e:not-musl natively musl's pthread_exit of the first thread ends it with SIGSEGV there
#include "probe.h"
#include <dlfcn.h>

static pthread_t first;

static void *rest(void *p) {
	pthread_join(first, NULL); // its stack and its name are gone, but not its entry in /proc
	while (state_of(getpid()) != 'Z') // who joins is woken before its descriptors are gone
		sleep_ms(1);
	char b[64];
	int fd = open("/proc/self/fd/1", O_RDONLY);
	say("of the process: %s", fd < 0 ? strerrorname_np(errno) : "open");
	fd = open("/etc/hostname", O_RDONLY);
	say("read %d", read(fd, b, 1) == 1);
	void *m = dlopen("libm.so.6", RTLD_NOW);
	say("dlopen %d", m != NULL);
	double (*cosine)(double) = (double (*)(double))dlsym(m, "cos");
	say("cos 0 = %g", cosine(0));
	pid_t k = fork();
	if (k == 0)
		_exit(2);
	say_child("child", k);
	syscall(SYS_exit, 3);
	return NULL;
}

int main(void) {
	pthread_t t;
	first = pthread_self();
	pthread_create(&t, NULL, rest, NULL);
	pthread_exit(NULL);
}
