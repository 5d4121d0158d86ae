// A program that writes its title over its arguments and its environment (setproctitle(3)), as servers do, and executes
// programs then with an environment of its own: what goes with the trace goes with it all the same.
#include "probe.h"
extern char **environ;
int main(int argc, char **argv) {
	if (argc > 1) {
		say("%s %s", argv[1], getenv("HERE") ? getenv("HERE") : "nothing");
		return 0;
	}
	char *first = argv[0], *end = first + strlen(first) + 1;
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n] = 0;
	for (int i = 0; environ[i]; i++)
		if (environ[i] == end)
			end += strlen(end) + 1;
	memset(first, 'x', end - first - 1);
	static char *env[] = {"HERE=1", NULL}, *none[] = {NULL};
	for (int i = 0; i < 4; i++) {
		char *args[] = {self, i & 1 ? "odd" : "even", NULL};
		pid_t p = i & 2 ? vfork() : fork();
		if (!p) {
			execve(self, args, i & 1 ? env : none);
			_exit(99);
		}
		say_child("child", p);
	}
}
