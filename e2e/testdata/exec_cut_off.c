//e2e:prog small lib/jailed.c
//e2e:prog whole lib/jailed.c -static
//e2e:args $BIN/small $BIN/whole
//e2e:own-preloaded silent: .*statically linked, runs untraced
// Programs that are cut off, as by a full disk: the kernel refuses some, kills the process for others when the old program is
// gone, and runs those that miss nothing. And headers that are odd, but mean nothing to it, or everything.
#include "probe.h"
static char image[4 << 20], *arg[] = {"small", NULL}, *env[] = {"SETTINGS=1", NULL};
static int length;
static void load(const char *path) {
	int f = open(path, O_RDONLY);
	length = read(f, image, sizeof image);
	close(f);
}
static void run(const char *what, int n) {
	pid_t p = fork();
	if (!p) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		int f = memfd_create("cut", MFD_CLOEXEC);
		if (write(f, image, n) != n)
			_exit(8);
		dup2(open("/dev/null", O_WRONLY), 2); // for ld.so's words
		syscall(SYS_execveat, f, "", arg, env, AT_EMPTY_PATH);
		say("%s: %s", what, strerror(errno));
		_exit(9);
	}
	say_child(what, p);
}
static void odd(const char *what, int at, unsigned value, int bytes) {
	char was[8];
	memcpy(was, image + at, sizeof was);
	memcpy(image + at, &value, bytes);
	run(what, length);
	memcpy(image + at, was, sizeof was);
}
int main(int argc, char **argv) {
	for (int i = 1; i < argc; i++) {
		load(argv[i]);
		for (int n = 1; n < length; n = n < 64 ? n * 8 : n * 2) {
			char what[64];
			snprintf(what, sizeof what, "%s, %d bytes of it", i == 1 ? "small" : "whole", n);
			run(what, n);
		}
		odd("the class of 32 bits", 4, 1, 1);
		odd("the machine of 32 bits", 18, 3, 2);
		odd("another machine", 18, 40, 2);
		odd("section headers elsewhere", 44, 1, 4);
		odd("no section headers", 60, 0, 2);
		run("all of it", length);
	}
}
