// glibc's clone() with many shapes of flags.
//e2e:again SYSTRAP_DISCOVER=only
#include "probe.h"
static char stack[65536] __attribute__((aligned(64)));
static int shared;
static int child(void *p) {
	shared += 5;
	say("child arg %ld ppid %d", (long)p, getppid() != 0);
	getpid();
	return 10 + (long)p;
}
static int dirs(void *p) { return chdir("/") | close(0) | (int)(umask(077) == 0); }
static int sigs(void *p) { signal(SIGILL, SIG_IGN); signal(SIGUSR1, SIG_IGN); return 0; }
int main(void) {
	struct { const char *name; int flags; } f[] = {
		{"fork", SIGCHLD}, {"vm", CLONE_VM | SIGCHLD}, {"vm+vfork", CLONE_VM | CLONE_VFORK | SIGCHLD},
		{"vfork", CLONE_VFORK | SIGCHLD}, {"files", CLONE_FILES | SIGCHLD}, {"no signal", 0}, {"vm+sighand", CLONE_VM | CLONE_SIGHAND | SIGCHLD},
		{"vm+io", CLONE_VM | CLONE_IO | CLONE_SYSVSEM | SIGCHLD}};
	for (int i = 0; i < 8; i++) {
		pid_t p = clone(child, stack + sizeof stack, f[i].flags, (void *)(long)i);
		if (p < 0)
			say("%s: %s", f[i].name, strerror(errno));
		else
			say_child(f[i].name, p);
		say("shared %d", shared);
	}
	pid_t p = clone(dirs, stack + sizeof stack, CLONE_FS | CLONE_FILES | SIGCHLD, NULL);
	say_child("fs", p);
	char b[100];
	say("cwd %s stdin %d umask %o", getcwd(b, 100), fcntl(0, F_GETFD), umask(0));
	p = clone(sigs, stack + sizeof stack, CLONE_VM | CLONE_SIGHAND | SIGCHLD, NULL);
	say_child("sighand", p);
	struct sigaction a;
	sigaction(SIGILL, NULL, &a);
	say("SIGILL ignored %d", a.sa_handler == SIG_IGN);
	signal(SIGILL, SIG_DFL);
	p = clone(sigs, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
	say_child("own handlers", p);
	sigaction(SIGILL, NULL, &a);
	say("SIGILL default %d", a.sa_handler == SIG_DFL);
}
