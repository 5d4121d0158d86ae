//e2e:need root
//e2e:prog jailed lib/jailed.c
//e2e:args $BIN
//e2e:own-preloaded silent: /jailed: the library cannot be loaded where it runs, runs untraced
//e2e:exes seen kept landlocked later
// Programs in a root, a mount namespace or behind landlock where the library's file is not
// to be found run as natively, without a word of ld.so's; they are traced where there is a
// /proc to name a descriptor by. Those that are not find nothing of ours.
#include "probe.h"
#include <sys/mount.h>
#include <sys/prctl.h>
static char *bin, *args[] = {"", NULL}, *env[] = {"A=1", NULL};
static void put(const char *name) {
	char b[65536];
	char from[4096];
	snprintf(from, sizeof from, "%s/jailed", bin);
	int in = open(from, O_RDONLY), out = open(name, O_WRONLY | O_CREAT, 0755);
	for (ssize_t n; (n = read(in, b, sizeof b)) > 0;)
		if (write(out, b, n) != n)
			_exit(9);
	close(in);
	close(out);
}
static void bind(const char *from, const char *to) {
	mkdir(to, 0755);
	if (access(from, F_OK) == 0 && mount(from, to, NULL, MS_BIND | MS_REC, NULL))
		say("%s: %s", to, strerror(errno));
}
// report has the file in the jail to which the library reports: the tests want to know
// what is traced.
static void report(void) {
	char *p = getenv("SYSTRAP_REPORT"), at[4096];
	if (p == NULL)
		return;
	snprintf(at, sizeof at, ".%s", p);
	for (char *s = at + 2; (s = strchr(s, '/')); *s++ = '/')
		*s = 0, mkdir(at, 0755);
	close(open(at, O_CREAT | O_WRONLY, 0644));
	if (mount(p, at, NULL, MS_BIND, NULL))
		say("%s: %s", at, strerror(errno));
}
static void jail(int proc) {
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		_exit(8);
	mkdir("root", 0755);
	if (mount("none", "root", "tmpfs", 0, NULL) || chdir("root"))
		_exit(7);
	bind("/lib", "lib");
	bind("/lib64", "lib64");
	bind("/usr", "usr");
	if (proc)
		bind("/proc", "proc");
	report();
	put("jailed");
	put("seen");
	put("kept");
	put("later");
}
static void run(const char *name) {
	args[0] = (char *)name;
	execve(name, args, env);
	say("%s: %s", name, strerror(errno));
}
static void no_proc(void) {
	jail(0);
	if (chroot("."))
		_exit(6);
	run("/jailed");
}
static void proc(void) {
	jail(1);
	if (chroot("."))
		_exit(6);
	run("/seen");
}
static void pivot(void) {
	jail(1);
	mkdir("old", 0755);
	if (syscall(SYS_pivot_root, ".", "old") || umount2("old", MNT_DETACH))
		_exit(6);
	pid_t p = fork();
	if (p == 0)
		run("/kept");
	say_child("in the new root", p);
	if (vfork() == 0) {
		execve("/kept", args, env);
		_exit(5);
	}
	wait(NULL);
	run("/later");
}
static void with_path(void) { // the program's own LD_PRELOAD stays, ours goes
	jail(0);
	if (chroot("."))
		_exit(6);
	char *e[] = {"LD_PRELOAD=libc.so.6", "A=1", NULL};
	args[0] = "/jailed";
	execve("/jailed", args, e);
}
static void landlock(void) {
	put("landlocked");
	char *p = realpath("landlocked", NULL);
	struct { uint64_t fs; } attr = {(1 << 0) | (1 << 2) | (1 << 3)};
	int r = syscall(444, &attr, sizeof attr, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	const char *in[] = {"/usr", "/lib", "/lib64", p, "/dev", "/etc"};
	for (int i = 0; r >= 0 && i < 6; i++) {
		struct __attribute__((packed)) { uint64_t a; int fd; } rule = {i == 3 ? 5 : attr.fs, open(in[i], O_PATH | O_CLOEXEC)};
		if (syscall(445, r, 1, &rule, 0))
			say("%s: %s", in[i], strerror(errno));
		close(rule.fd);
	}
	if (r >= 0 && syscall(446, r, 0))
		say("landlock: %s", strerror(errno));
	close(r);
	args[0] = "landlocked";
	execve(p, args, env);
}
int main(int argc, char **argv) {
	bin = argv[1];
	setenv("SETTINGS", "1", 1);
	in_child("a root without /proc", no_proc);
	in_child("a root with /proc", proc);
	in_child("another root", pivot);
	in_child("a preloaded library of its own", with_path);
	in_child("landlock", landlock);
	rmdir("root");
}
