//e2e:prog opath lib/ids.c
//e2e:prog full lib/ids.c
//e2e:prog hard lib/ids.c
//e2e:prog unread lib/ids.c
//e2e:prog inner lib/ids.c
//e2e:args $BIN
//e2e:exes 3 full hard script unread
// What execve(2) can run and the library can hardly look at is followed: a descriptor of
// O_PATH, no descriptor left, mode 0711 as another user, a script of those.
//e2e:not-static what cannot be read is followed by ld.so only
#include "probe.h"
static char *bin;
static char *path(const char *name) {
	char *p;
	return asprintf(&p, "%s/%s", bin, name) < 0 ? NULL : p;
}
static char *args[] = {"tool", NULL};
static void opath(void) { fexecve(open(path("opath"), O_PATH | O_CLOEXEC), args, environ); }
static void opath_kept(void) { syscall(SYS_execveat, open(path("opath"), O_PATH), "", args, environ, AT_EMPTY_PATH); }
static void opath_empty_environment(void) {
	syscall(SYS_execveat, open(path("opath"), O_PATH), "", args, (char *[]){NULL}, AT_EMPTY_PATH);
}
static void fill(void) {
	while (fcntl(0, F_DUPFD_CLOEXEC, 3) >= 0)
		;
}
static void full(void) {
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){64, 4096});
	fill();
	execv(path("full"), args);
}
static void hard(void) {
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){64, 64});
	fill();
	execv(path("hard"), args);
}
static void script_full(void) {
	int s = open("script", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	dprintf(s, "#!%s\n", path("inner"));
	close(s);
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){64, 4096});
	fill();
	execv("./script", args);
}
static void script_descriptor(void) { fexecve(open("script", O_PATH), args, environ); }
static void script_descriptor_closed(void) {
	fexecve(open("script", O_RDONLY | O_CLOEXEC), args, environ);
	say("script behind a descriptor that exec closes: %s", strerrorname_np(errno));
}
static void unread(void) {
	if (geteuid() == 0) {
		chmod(path("unread"), 0711);
		chmod(".", 0777);
		if (setgid(65534) || setuid(65534))
			_exit(9);
	}
	execv(path("unread"), args);
}
static void refused(const char *what) {
	execv(what, args);
	say("%s: %s", what, strerrorname_np(errno));
}
// What is no file to look at must not be waited for, nor be read from.
static void specials(void) {
	mkfifo("fifo", 0755);
	refused("fifo");
	refused("/dev/zero");
	refused("/dev/tty");
	refused("/proc");
	symlink("loop", "loop");
	refused("loop");
	refused("");
	int f = open("fifo", O_PATH);
	syscall(SYS_execveat, f, "", args, environ, AT_EMPTY_PATH);
	say("fifo's descriptor: %s", strerrorname_np(errno));
	symlink(path("inner"), "link");
	syscall(SYS_execveat, AT_FDCWD, "link", args, environ, AT_SYMLINK_NOFOLLOW);
	say("no link followed: %s", strerrorname_np(errno));
}
int main(int argc, char **argv) {
	bin = argv[1];
	in_child("O_PATH", opath);
	in_child("O_PATH, kept open", opath_kept);
	in_child("O_PATH, empty environment", opath_empty_environment);
	in_child("no descriptor left", full);
	in_child("no descriptor left, hard limit", hard);
	in_child("script, no descriptor left", script_full);
	in_child("script by its descriptor", script_descriptor);
	in_child("script by a closed descriptor", script_descriptor_closed);
	in_child("execute only", unread);
	in_child("specials", specials);
	char *same = path("unread");
	chmod(same, 0755);
}
