//e2e:need chroot
//e2e:own silent: .*report: cannot write the report here .SYSTRAP_REPORT.
// A program that lists its descriptors in a procfs that is not at /proc, or where no path leads to it: chromium's zygote did so behind
// chroot(2), found the descriptors of the library, of which one led nowhere, and aborted. Numbers like ours that are not
// ours stay. A signalfd of a signal of the library's is read there, too.
#include "probe.h"
#include <sys/mount.h>
#include <sys/signalfd.h>
enum { first = 900, last = 2300 };
// list lists directory name of dir by both calls, and looks at each entry as chromium's does.
static void list(int dir, const char *name) {
	char b[8192];
	struct stat st;
	for (int old = 0; old < 2; old++) {
		int d = openat(dir, name, O_RDONLY | O_DIRECTORY), n = 0, lost = 0, dirs = 0;
		for (int k; (k = syscall(old ? SYS_getdents : SYS_getdents64, d, b, sizeof b)) > 0;)
			for (int i = 0; i < k; i += *(unsigned short *)(b + i + 16)) {
				const char *entry = b + i + (old ? 18 : 19);
				if (*entry == '.')
					continue;
				n++;
				if (fstatat(d, entry, &st, 0))
					lost++;
				else
					dirs += S_ISDIR(st.st_mode);
			}
		say("%s, getdents%s: %d, %d lead nowhere, %d directories", name, old ? "" : "64", n, lost, dirs);
		close(d);
	}
}
static void all(int proc) {
	for (int i = 0; i < 40; i++) { // each is asked for often enough to be looked at more closely
		char b[1];
		if (read(proc, b, 1) != -1 || errno != EISDIR)
			say("read of a directory");
	}
	list(proc, "self/fd");
	list(proc, "self/fdinfo");
	list(proc, "thread-self/fd");
	list(proc, "self/task");
}
static void a_signal(void) {
	sigset_t s;
	struct signalfd_siginfo i;
	sigemptyset(&s);
	sigaddset(&s, SIGILL);
	sigprocmask(SIG_BLOCK, &s, NULL);
	int fd = signalfd(-1, &s, SFD_NONBLOCK);
	kill(getpid(), SIGILL);
	ssize_t n = read(fd, &i, sizeof i);
	say("signalfd: read %zd, signal %d", n, n > 0 ? (int)i.ssi_signo : 0);
	close(fd);
}
static void moved(void) {
	int proc = open("/proc", O_RDONLY | O_DIRECTORY);
	for (int i = first; i < last; i += 4) {
		char b[64];
		snprintf(b, sizeof b, "numbers/%d", i);
		close(open(b, O_CREAT | O_WRONLY, 0644));
	}
	if (geteuid() && unshare(CLONE_NEWUSER))
		say("no user namespace");
	all(proc);
	say_result(unshare(CLONE_NEWNS));
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	say_result(mount("/proc", "elsewhere", NULL, MS_BIND | MS_REC, NULL));
	int there = open("elsewhere", O_RDONLY | O_DIRECTORY);
	say_result(umount2("/proc", MNT_DETACH));
	all(there);
	close(there);
	list(AT_FDCWD, "numbers");
	say_result(chroot("numbers"));
	say_result(chdir("/"));
	all(proc);
	list(AT_FDCWD, ".");
	list(proc, "irq");
	a_signal();
}
int main(void) {
	mkdir("numbers", 0755);
	mkdir("elsewhere", 0755);
	in_child("moved", moved);
}
