// Close loops, close_range, closefrom, dup2 over every number, a tiny limit.
//e2e:not-musl musl has no closefrom
#include "probe.h"
#include <dirent.h>
static void list(const char *what) {
	DIR *d = opendir("/proc/self/fd");
	char b[400] = "";
	for (struct dirent *e; (e = readdir(d));)
		if (e->d_name[0] != '.' && atoi(e->d_name) < 100 && atoi(e->d_name) != dirfd(d))
			strcat(strcat(b, " "), e->d_name);
	closedir(d);
	say("%s:%s", what, b);
}
int main(void) {
	list("start");
	int bad = 0, fine = 0;
	for (int i = 3; i < 65536; i++)
		close(i) ? bad++ : fine++;
	say("closed %d bad %d", fine, bad);
	say_result(open("/dev/null", O_RDONLY));
	say_result(close_range(3, ~0u, 0));
	say_result(open("/dev/null", O_RDONLY));
	closefrom(3);
	say_result(close_range(3, ~0u, CLOSE_RANGE_CLOEXEC));
	say_result(close_range(5, 4, 0));
	say_result(close_range(0, 0, 99));
	say_result(system("echo child"));
	struct rlimit old, l = {4096, 4096};
	getrlimit(RLIMIT_NOFILE, &old);
	l.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_NOFILE, &l);
	fine = 0;
	for (int i = 3; i < 1100; i++)
		fine += dup2(1, i) == i;
	say("dup2 %d", fine);
	for (int i = 3; i < 1100; i++)
		fine += dup3(0, i, O_CLOEXEC) == i;
	say("dup3 %d", fine);
	fine = 0;
	for (int i = 3; i < 1100; i++)
		fine += close(i) == 0;
	say("closed %d", fine);
	l.rlim_cur = 16;
	setrlimit(RLIMIT_NOFILE, &l);
	fine = 0;
	while (dup(0) >= 0)
		fine++;
	say("dups %d errno %s", fine, strerrorname_np(errno));
	close_range(3, ~0u, 0);
	say_result(system("echo low limit; ls /dev/null"));
	list("end");
}
