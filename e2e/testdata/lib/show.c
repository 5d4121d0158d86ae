// Prints its arguments and environment (as hash and size when it is long),
// leaving out the user's settings of the library, which a
// native run does not have.
#include "../probe.h"
#include <sys/auxv.h>
int main(int argc, char **argv, char **envp) {
	unsigned long n = 0, sum = 0;
	say("argc %d", argc);
	for (int i = 0; i < argc; i++)
		say("argv[%d]=%s", i, argv[i]);
	for (char **e = envp; *e; e++) {
		if (!strncmp(*e, "SYSTRAP_", 8) || (!strncmp(*e, "LD_PRELOAD=", 11) && !getenv("SHOW_PRELOAD")))
			continue;
		n++;
		for (char *p = *e; *p; p++)
			sum = sum * 31 + *(unsigned char *)p;
		if (n <= 6 && strlen(*e) < 100)
			say("env %s", *e);
	}
	say("variables %lu sum %lx", n, sum);
	struct sigaction a;
	sigaction(SIGILL, NULL, &a);
	say("SIGILL default %d ignored %d", a.sa_handler == SIG_DFL, a.sa_handler == SIG_IGN);
	say_mask("mask");
	int open_fds = 0;
	for (int i = 3; i < 100; i++)
		open_fds += fcntl(i, F_GETFD) >= 0;
	say("descriptors %d", open_fds);
	return 21;
}
