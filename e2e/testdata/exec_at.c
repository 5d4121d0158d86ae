//e2e:prog show lib/show.c
//e2e:args $BIN show
//e2e:exes show
// execveat, fexecve, memfd, scripts, relative paths, exec from a thread.
#include "probe.h"
static char *args[] = {"show", "x", NULL}, *env[] = {"E=1", NULL};
static char *path;
static void *thread(void *p) { execve(path, args, env); return NULL; }
#define CHILD(what, stmt)                                                       \
	do {                                                                    \
		pid_t p = fork();                                               \
		if (!p) {                                                       \
			stmt;                                                   \
			say("failed: %s", strerrorname_np(errno));              \
			_exit(1);                                               \
		}                                                               \
		say_child(what, p);                                             \
	} while (0)
int main(int argc, char **argv) {
	asprintf(&path, "%s/show", argv[1]);
	int dir = open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC), fd = open(path, O_RDONLY | O_CLOEXEC);
	CHILD("execveat dir", syscall(SYS_execveat, dir, "show", args, env, 0));
	CHILD("execveat empty", syscall(SYS_execveat, fd, "", args, env, AT_EMPTY_PATH));
	CHILD("execveat absolute", syscall(SYS_execveat, -1, path, args, env, 0));
	CHILD("execveat bad fd", syscall(SYS_execveat, 77, "show", args, env, 0));
	CHILD("execveat flags", syscall(SYS_execveat, dir, "show", args, env, 12345));
	CHILD("fexecve", fexecve(fd, args, env));
	int m = memfd_create("prog", MFD_CLOEXEC);
	char b[65536];
	for (ssize_t n; (n = read(fd, b, sizeof b)) > 0;)
		if (write(m, b, n) != n)
			return 1;
	CHILD("memfd", fexecve(m, args, env));
	CHILD("relative", chdir(argv[1]); execve("./show", args, env));
	int s = open("script", O_WRONLY | O_CREAT, 0755);
	dprintf(s, "#!%s  one arg \n", path);
	close(s);
	CHILD("script", execve("./script", (char *[]){"zero", "two", NULL}, env));
	s = open("script2", O_WRONLY | O_CREAT, 0755);
	dprintf(s, "#! ./script\n");
	close(s);
	CHILD("script of script", execve("./script2", args, env));
	s = open("noformat", O_WRONLY | O_CREAT, 0755);
	dprintf(s, "echo run by the shell\n");
	close(s);
	CHILD("no format", execve("./noformat", args, env));
	CHILD("execvp", execvp("./noformat", args));
	CHILD("thread", pthread_t t; pthread_create(&t, NULL, thread, NULL); pthread_join(t, NULL));
	CHILD("many fds", for (int i = 3; i < 300; i++) dup2(1, i); for (int i = 3; i < 300; i++) fcntl(i, F_SETFD, FD_CLOEXEC); execve(path, args, env));
}
