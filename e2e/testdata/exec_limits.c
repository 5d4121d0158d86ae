//e2e:prog small lib/jailed.c
//e2e:args $BIN/small 6 8 1024
//e2e:own silent: .*its memory is limited too much for the library \(RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK\), runs untraced
//e2e:own-preloaded silent: .*its arguments leave no room for the library's name, runs untraced
//e2e:exes small
// Execs under limits that leave no room for the library, and with as many arguments as the
// kernel takes: the program runs.
#include "probe.h"
static char *program, *env[] = {"SETTINGS=1", NULL};
static void limited(const char *what, int resource, long value) {
	pid_t p = fork();
	if (p == 0) {
		setrlimit(resource, &(struct rlimit){value, value});
		execle(program, "small", NULL, env);
		_exit(9);
	}
	say_child(what, p);
}
// run executes the program with size bytes of arguments.
static int run(long size) {
	static char *args[100], big[1 << 17];
	int n = 0;
	for (args[n++] = "small"; size > 0; n++) {
		long k = size > 100000 ? 100000 : size;
		memset(big, 'a', k);
		big[k] = 0;
		args[n] = strdup(big);
		size -= k;
	}
	args[n] = NULL;
	pid_t p = fork();
	if (p == 0) {
		execve(program, args, env);
		_exit(errno == E2BIG ? 7 : 8);
	}
	int st;
	waitpid(p, &st, 0);
	for (int i = 1; i < n; i++)
		free(args[i]);
	return WEXITSTATUS(st);
}
int main(int argc, char **argv) {
	program = argv[1];
	for (int i = 2; i < argc; i++) {
		long mb = atol(argv[i]);
		char what[50];
		snprintf(what, sizeof what, "address space of %ld MB", mb);
		limited(what, RLIMIT_AS, mb << 20);
		snprintf(what, sizeof what, "data of %ld KB", mb * 512);
		limited(what, RLIMIT_DATA, mb << 19);
		snprintf(what, sizeof what, "stack of %ld KB", mb * 8);
		limited(what, RLIMIT_STACK, mb << 13);
	}
	for (int i = 0; i < 8 && atol(argv[2]) < 8; i++) // how much of it is left is random
		limited("stack of 16 KB", RLIMIT_STACK, 16 << 10);
	setrlimit(RLIMIT_STACK, &(struct rlimit){2 << 20, RLIM_INFINITY});
	long lo = 0, hi = 1 << 20;
	while (hi - lo > 16) {
		long mid = (lo + hi) / 2;
		*(run(mid) == 3 ? &lo : &hi) = mid;
	}
	say("%ld bytes at most", lo);
}
