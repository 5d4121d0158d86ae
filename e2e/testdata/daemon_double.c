// daemon(): double fork, setsid, descriptors to /dev/null, chdir.
#include "probe.h"
int main(void) {
	int fds[2];
	char b[200] = "";
	if (pipe(fds))
		return 1;
	pid_t p = fork();
	if (!p) {
		if (daemon(0, 0))
			_exit(1);
		char cwd[100];
		struct stat a, n;
		fstat(1, &a);
		stat("/dev/null", &n);
		dprintf(fds[1], "cwd %s leader %d null %d", getcwd(cwd, 100), getsid(0) == getpid(), a.st_rdev == n.st_rdev);
		for (int i = 0; i < 65536; i++)
			close(i);
		umask(0);
		execl("/bin/true", "true", NULL);
		_exit(0);
	}
	say_child("starter", p);
	close(fds[1]);
	int n = 0, r;
	while ((r = read(fds[0], b + n, sizeof b - n - 1)) > 0)
		n += r;
	say("%s", b);
}
