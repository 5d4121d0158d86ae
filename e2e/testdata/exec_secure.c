//e2e:need suid
//e2e:prog tool lib/ids.c
//e2e:args $BIN/tool
//e2e:own silent: .*set-user-ID or set-group-ID, runs untraced
//e2e:own silent: .*has file capabilities, runs untraced
//e2e:own silent: .*its caller's real and effective ids differ, runs untraced
//e2e:exes exec_secure plain suid
// What the loader's secure mode is for runs untraced: set-id bits that count, file
// capabilities, callers whose ids differ. Set-id bits that do not count are no matter.
//e2e:not-static what a process that has changed its ids executes is followed by ld.so only
#include "probe.h"
#include <sys/prctl.h>
#include <sys/xattr.h>
static char *tool;
static void put(const char *name, int mode) {
	char b[65536];
	int in = open(tool, O_RDONLY), out = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	for (ssize_t n; (n = read(in, b, sizeof b)) > 0;)
		if (write(out, b, n) != n)
			_exit(9);
	close(in);
	close(out);
	chmod(name, mode);
}
static void user(void) {
	if (setgid(65534) || setuid(65534))
		_exit(9);
}
static void run(const char *name) {
	execl(name, name, NULL);
	say("%s: %s", name, strerrorname_np(errno));
	_exit(8);
}
static void suid(void) { user(), run("./suid"); }
static void sgid(void) { user(), run("./sgid"); }
static void sgid_locking(void) { user(), run("./plain"); }
static void no_new(void) { user(), prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), run("./suid"); }
static void caps(void) { user(), run("./caps"); }
static void caps_no_new(void) { user(), prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), run("./caps"); }
static void caps_root(void) { run("./caps"); }
static void caps_refused(void) { prctl(PR_CAPBSET_DROP, 12), run("./caps"); }
static void effective(void) {
	if (seteuid(65534))
		_exit(9);
	run("./ordinary");
}
static void effective_group(void) {
	if (setegid(65534))
		_exit(9);
	run("./ordinary");
}
int main(int argc, char **argv) {
	tool = argv[1];
	chmod(".", 0755);
	put("plain", 02745);
	put("ordinary", 0755);
	put("suid", 04755);
	put("sgid", 02755);
	put("caps", 0755);
	uint32_t cap[5] = {0x02000001, 1 << 12, 0, 0, 0}; // cap_net_admin, effective
	if (setxattr("caps", "security.capability", cap, sizeof cap, 0))
		say("no file capabilities: %s", strerror(errno));
	in_child("set-uid", suid);
	in_child("set-gid", sgid);
	in_child("set-gid without x", sgid_locking);
	in_child("no new privileges", no_new);
	in_child("capabilities", caps);
	in_child("capabilities, no new privileges", caps_no_new);
	in_child("capabilities, root", caps_root);
	in_child("capabilities out of bounds", caps_refused);
	in_child("effective user", effective);
	in_child("effective group", effective_group);
	unlink("caps");
}
