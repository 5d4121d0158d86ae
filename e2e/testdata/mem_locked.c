// mlockall: of the program's memory all is locked, and nothing of ours is faulted in or
// counted against RLIMIT_MEMLOCK.
#include "probe.h"
#include <dlfcn.h>

static long status(const char *key) {
	char b[4096];
	int fd = open("/proc/thread-self/status", O_RDONLY), n = read(fd, b, sizeof b - 1);
	close(fd);
	b[n > 0 ? n : 0] = 0;
	char *p = strstr(b, key);
	return p ? atol(p + strlen(key)) : -1;
}

// locked says whether the page at p is in a locked mapping (proc_pid_smaps(5), lo).
static int locked(void *p) {
	FILE *f = fopen("/proc/thread-self/smaps", "r");
	char line[1024];
	unsigned long lo, hi;
	int in = 0, is = -1;
	while (is < 0 && fgets(line, sizeof line, f)) {
		if (sscanf(line, "%lx-%lx ", &lo, &hi) == 2)
			in = lo <= (unsigned long)p && (unsigned long)p < hi;
		else if (in && !strncmp(line, "VmFlags:", 8))
			is = strstr(line, " lo") != NULL;
	}
	fclose(f);
	return is;
}

static void *thread(void *p) {
	for (int i = 0; i < 100; i++)
		getppid();
	return NULL;
}

static char data[8192] = {1}, zeros[1 << 16];

static void use(const char *what) {
	char *m = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	say("%s: data %d zeros %d stack %d text %d new %d", what, locked(data), locked(zeros), locked(&m), locked((void *)use), locked(m));
	munmap(m, 1 << 16);
	say("%s: small %d, few locked %d", what, status("VmHWM:") < 16 << 10, status("VmLck:") < 16 << 10);
	for (int i = 0; i < 3000; i++)
		getppid();
	pid_t p = fork();
	if (p == 0) {
		say("%s, child: %ld locked", what, status("VmLck:"));
		_exit(0);
	}
	waitpid(p, NULL, 0);
}

static void as_user(long limit) {
	struct rlimit l = {limit << 10, limit << 10};
	say_result(setrlimit(RLIMIT_MEMLOCK, &l));
	if (geteuid() == 0)
		say("user %d", syscall(SYS_setuid, 65534) == 0);
	else
		say("user 1");
}

static void current(void) {
	as_user(8192);
	say_result(mlockall(MCL_CURRENT));
	use("current");
	say_result(munlockall());
	use("none");
}

static void onfault(void) {
	as_user(8192);
	say_result(mlockall(MCL_CURRENT | MCL_ONFAULT));
	use("on fault");
}

static void future(void) {
	as_user(8192);
	say_result(mlockall(MCL_FUTURE));
	use("future");
	say_result(mlockall(MCL_CURRENT));
	use("then current");
}

static void both(void) {
	as_user(16384);
	say_result(mlockall(MCL_CURRENT | MCL_FUTURE));
	use("both");
	pthread_attr_t a;
	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, 65536);
	pthread_t t;
	say("thread %d", pthread_create(&t, &a, thread, NULL));
	pthread_join(t, NULL);
	say("dlopen %d", dlopen("libm.so.6", RTLD_NOW) != NULL);
	pid_t p = vfork();
	if (p == 0) {
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	say_child("exec", p);
}

static void short_of(void) {
	as_user(1024);
	say_result(mlockall(MCL_CURRENT));
	say_result(mlockall(MCL_CURRENT | MCL_FUTURE));
	say("%ld locked", status("VmLck:"));
	say_result(mlock2(data, 4096, 0));
	say("%ld locked", status("VmLck:"));
}

static void none(void) {
	as_user(0);
	say_result(mlockall(MCL_CURRENT));
	say_result(mlockall(MCL_FUTURE));
}

static void wrong(void) {
	say_result(mlockall(0));
	say_result(mlockall(MCL_ONFAULT));
	say_result(mlockall(MCL_CURRENT | 64));
}

static void privileged(void) {
	struct rlimit l = {65536, 65536};
	setrlimit(RLIMIT_MEMLOCK, &l);
	say("%d", mlockall(MCL_CURRENT | MCL_FUTURE));
	use("privileged");
}

int main(void) {
	in_child("current", current);
	in_child("on fault", onfault);
	in_child("future", future);
	in_child("both", both);
	in_child("short", short_of);
	in_child("none", none);
	in_child("wrong", wrong);
	in_child("privileged", privileged);
	return 0;
}
