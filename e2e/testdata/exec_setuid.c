//e2e:need suid
//e2e:prog tool lib/ids.c
//e2e:args $BIN/tool
//e2e:own silent: .*set-user-ID or set-group-ID, runs untraced
//e2e:exes exec_setuid
// A set-uid target runs untraced with one clear line, and keeps its rights.
#include "probe.h"
int main(int argc, char **argv) {
	char b[65536];
	int in = open(argv[1], O_RDONLY), out = open("suid", O_WRONLY | O_CREAT, 0755);
	for (ssize_t n; (n = read(in, b, sizeof b)) > 0;)
		if (write(out, b, n) != n)
			return 1;
	close(out);
	chmod("suid", 04755);
	chmod(".", 0755);
	pid_t p = fork();
	if (!p) {
		if (setgid(65534) || setuid(65534))
			_exit(9);
		execl("./suid", "suid", NULL);
		say("%s", strerror(errno));
		_exit(8);
	}
	say_child("set-uid", p);
	p = fork();
	if (!p) { // the caller has the owner's id: no privilege is raised
		execl("./suid", "suid", NULL);
		_exit(8);
	}
	say_child("owner", p);
	unlink("suid");
}
