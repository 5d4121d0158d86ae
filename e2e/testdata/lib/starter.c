// Runs its arguments, as a program that may be linked statically.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
	pid_t p = fork();
	int st = 0;
	if (p == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	waitpid(p, &st, 0);
	return WEXITSTATUS(st);
}
