//e2e:need chroot
//e2e:own silent: .*report: cannot write the report here .SYSTRAP_REPORT.
// Namespaces: unshare demands a single thread; clone into new ones.
#include "probe.h"
#include <sys/mount.h>
#include <sys/prctl.h>
static char stack[65536];
static int child(void *p) { say("pid in the namespace %d", getpid()); return getppid(); }
static void user(void) { say_result(unshare(CLONE_NEWUSER)); say("uid %d", getuid()); }
static void many(void) { say_result(unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID)); in_child("init", (void (*)(void))getppid); say_result(sethostname("probe", 5)); char b[64]; gethostname(b, 64); say("%s", b); }
static void pids(void) {
	pid_t p = clone(child, stack + sizeof stack, CLONE_NEWUSER | CLONE_NEWPID | SIGCHLD, NULL);
	if (p < 0)
		say("clone %s", strerrorname_np(errno));
	else
		say_child("namespace", p);
}
static void files(void) { say_result(unshare(CLONE_FILES | CLONE_FS | CLONE_SYSVSEM)); say_result(unshare(CLONE_THREAD)); say_result(unshare(CLONE_VM)); }
static void root(void) { say_result(mkdir("jail", 0755)); say_result(chroot("jail")); say_result(chdir("/")); say_result(open("/proc/self/maps", O_RDONLY)); void *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); memcpy(m, "\xb8\x27\0\0\0\x0f\x05\xc3", 8); say_result(mprotect(m, 4096, PROT_READ | PROT_EXEC)); say("jit %d", ((int (*)(void))m)() == getpid()); in_child("forked", (void (*)(void))getppid); }
int main(void) {
	in_child("user", user);
	in_child("many", many);
	in_child("pids", pids);
	in_child("files", files);
	in_child("chroot", root);
}
