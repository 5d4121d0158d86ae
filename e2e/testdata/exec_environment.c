//e2e:prog show lib/show.c
//e2e:args $BIN/show
//e2e:exes show
// exec with rebuilt, empty, huge and odd environments and arguments.
//e2e:again SYSTRAP_DISCOVER=only
#include "probe.h"
static char *path;
static char *args[] = {"show", "a b", "", NULL};
static void run(const char *what, char **argv, char **envp) {
	pid_t p = fork();
	if (!p) {
		execve(path, argv, envp);
		say("execve %s", strerrorname_np(errno));
		_exit(1);
	}
	say_child(what, p);
}
int main(int argc, char **argv) {
	path = argv[1];
	run("empty", args, (char *[]){NULL});
	run("null", args, NULL);
	run("two", args, (char *[]){"A=1", "B=2", NULL});
	run("duplicates", args, (char *[]){"A=1", "A=2", "noequals", "", "=x", NULL});
	run("own preload", args, (char *[]){"LD_PRELOAD=", "SHOW_PRELOAD=y", NULL});
	run("other preload", args, (char *[]){"LD_PRELOAD=libc.so.6", "SHOW_PRELOAD=y", NULL});
	char **many = calloc(5001, sizeof *many);
	for (int i = 0; i < 5000; i++)
		if (asprintf(&many[i], "V%d=%0100d", i, i) < 0)
			return 1;
	run("huge", args, many);
	char *big = malloc(120000);
	memset(big, 'x', 119999);
	big[0] = 'Q', big[1] = '=', big[119999] = 0;
	run("long", args, (char *[]){big, NULL});
	run("no arguments", (char *[]){NULL}, (char *[]){"A=1", NULL});
	run("bad pointer", args, (char **)8);
	run("bad entry", args, (char *[]){"A=1", (char *)8, NULL});
	char *e2big = malloc(200000);
	memset(e2big, 'x', 199999);
	e2big[199999] = 0;
	run("too long", args, (char *[]){e2big, NULL});
	path = "/nonexistent";
	run("missing", args, NULL);
	path = "/etc/passwd";
	run("not executable", args, NULL);
	path = "/etc";
	run("directory", args, NULL);
}
