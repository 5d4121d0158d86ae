// Children started with tight limits, and with odd personalities.
#include "probe.h"
#include <sys/personality.h>
static void run(const char *what, int res, rlim_t v) {
	pid_t p = fork();
	if (!p) {
		struct rlimit l = {v, v};
		if (res >= 0 && setrlimit(res, &l))
			_exit(1);
		execl("/bin/sh", "sh", "-c", "echo started; ls -d /", NULL);
		_exit(2);
	}
	say_child(what, p);
}
int main(void) {
	run("plain", -1, 0);
	run("nofile 16", RLIMIT_NOFILE, 16);
	run("nofile 4", RLIMIT_NOFILE, 4);
	run("fsize 0", RLIMIT_FSIZE, 1 << 20);
	run("core 0", RLIMIT_CORE, 0);
	run("stack 256K", RLIMIT_STACK, 256 << 10);
	run("stack unlimited", RLIMIT_STACK, RLIM_INFINITY);
	run("address space", RLIMIT_AS, 200 << 20);
	run("memlock 0", RLIMIT_MEMLOCK, 0);
	run("data", RLIMIT_DATA, 50 << 20);
	personality(ADDR_NO_RANDOMIZE);
	run("not random", -1, 0);
	personality(READ_IMPLIES_EXEC);
	run("read implies exec", -1, 0);
	personality(ADDR_COMPAT_LAYOUT);
	run("old layout", -1, 0);
}
