// Takes every descriptor number up to the limit argv[1] for a file of its own.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
	struct rlimit l;
	struct stat st;
	getrlimit(RLIMIT_NOFILE, &l);
	l.rlim_cur = atoi(argv[1]);
	setrlimit(RLIMIT_NOFILE, &l);
	int fd = open("mine", O_RDWR | O_CREAT | O_TRUNC, 0600);
	for (int i = fd + 1; i < (int)l.rlim_cur; i++)
		dup2(fd, i);
	for (int i = 0; i < 1000; i++)
		getppid();
	fstat(fd, &st);
	int a = close(l.rlim_cur - 2), b = close(l.rlim_cur - 1);
	dprintf(1, "%ld bytes, closed %d %d\n", (long)st.st_size, a, b);
	pid_t p = fork();
	if (p == 0) {
		execl("/bin/sh", "sh", "-c", "exit 3", NULL);
		_exit(1);
	}
	int status;
	waitpid(p, &status, 0);
	dprintf(1, "child %d\n", WEXITSTATUS(status));
	return 0;
}
