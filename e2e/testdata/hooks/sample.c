// A hook for systrap hook-libc that does of everything something: it counts, replaces a result, and makes calls itself with other arguments.
// HOOK_COUNTS names a file that each process appends a line to, HOOK_FILE what /nowhere/asked is. HOOK_THREAD has it have a thread of its
// own, whose calls are not hooked, as its destructor's are not.
#include <e9syscall.h>
#include <pthread.h>
#include <sys/utsname.h>

static long count, wrong;
static const char *counts, *file;

static void *work(void *arg) {
	for (;;) {
		if (getppid() == 4711)
			wrong++;
		usleep(100);
	}
	return arg;
}

static __attribute__((destructor)) void end(void) {
	for (int i = 0; i < 20; i++)
		wrong += getppid() == 4711;
}

void init(int argc, char **argv, char **envp) {
	counts = getenv("HOOK_COUNTS");
	file = getenv("HOOK_FILE");
	if (argc < 1 || !argv[0] || argv[argc] || envp != argv + argc + 1)
		abort();
	pthread_t t;
	if (getenv("HOOK_THREAD") && pthread_create(&t, 0, work, 0))
		abort();
}

static intptr_t answer(intptr_t r) { return r == -1 ? -errno : r; }

int hook(int nr, intptr_t a, intptr_t b, intptr_t c, intptr_t d, intptr_t e, intptr_t f, intptr_t *result) {
	free(malloc(100 + nr));
	__atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
	switch (nr) {
	case SYS_uname:
		*result = answer(syscall(SYS_uname, a));
		if (*result == 0)
			strcpy(((struct utsname *)a)->nodename, "elsewhere");
		return E9_REPLACE;
	case SYS_openat:
		if (!file || strcmp((const char *)b, "/nowhere/asked"))
			break;
		*result = answer(syscall(SYS_openat, a, file, c, d));
		return E9_REPLACE;
	case SYS_getppid:
		*result = 4711;
		return E9_REPLACE;
	case SYS_chdir:
		*result = -EXDEV;
		return E9_REPLACE;
	case SYS_exit_group:
		if (counts) {
			FILE *out = fopen(counts, "a");
			if (out)
				fprintf(out, "%s\n", count > 3 && !wrong ? "counted" : "not counted, or in our own thread"); // and nobody closes it
		}
	}
	return E9_INSTRUMENT;
}
