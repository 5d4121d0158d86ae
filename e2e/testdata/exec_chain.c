// A program that execs itself hundreds of times keeps its descriptors and
// environment, and leaks nothing.
//e2e:again SYSTRAP_DISCOVER=only
#include "probe.h"
#include <dirent.h>
int main(int argc, char **argv) {
	int n = argc > 1 ? atoi(argv[1]) : 0, open_fds = 0, vars = 0, maps = 0;
	if (n < 150) {
		char num[20];
		snprintf(num, sizeof num, "%d", n + 1);
		if (n % 3 == 0)
			execl(argv[0], argv[0], num, NULL);
		pid_t p = n % 3 == 1 ? vfork() : -1;
		if (p == 0)
			_exit(0);
		execve(argv[0], (char *[]){argv[0], num, NULL}, (char *[]){"A=1", "B=2", NULL});
	}
	DIR *d = opendir("/proc/self/fd");
	for (struct dirent *e; (e = readdir(d));)
		open_fds += e->d_name[0] != '.' && atoi(e->d_name) < 100;
	for (char **e = environ; *e; e++)
		vars++;
	char line[1000];
	FILE *f = fopen("/proc/self/maps", "r");
	while (fgets(line, sizeof line, f))
		maps++;
	say("end: descriptors %d variables %d many mappings %d", open_fds, vars, maps > 200);
}
