//e2e:not-static it looks at its own loader
//e2e:args $BIN
// Execs that fail, each in a way of its own, in a process, in a child of vfork and by
// posix_spawn: the program finds the errno, and goes on. TestExecLines compares the trace.
#include "probe.h"
#include <elf.h>
static char *args[] = {"tool", NULL}, *env[] = {"A=1", NULL};
static void try(const char *what, const char *path, char **argv, char **envp) {
	errno = 0;
	syscall(SYS_execve, path, argv, envp);
	say("%s: %s", what, strerrorname_np(errno));
	pid_t p = vfork();
	if (p == 0) {
		syscall(SYS_execve, path, argv, envp);
		_exit(errno);
	}
	say_child("in a child", p);
}
static char *copy; // of this program
static size_t size;
static void put(const char *name, const void *data, size_t n, int mode) {
	int f = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (write(f, data, n) != (ssize_t)n || fchmod(f, mode))
		say("%s: %s", name, strerror(errno));
	close(f);
}
static void put_text(const char *name, const char *text) { put(name, text, strlen(text), 0755); }
static void program(const char *what, void (*edit)(Elf64_Ehdr *, char *)) {
	char *own = malloc(size);
	memcpy(own, copy, size);
	edit((Elf64_Ehdr *)own, own);
	put("edited", own, size, 0755);
	free(own);
	try(what, "edited", args, env);
}
static Elf64_Phdr *interp(Elf64_Ehdr *h, char *b) {
	Elf64_Phdr *p = (Elf64_Phdr *)(b + h->e_phoff);
	while (p->p_type != PT_INTERP)
		p++;
	return p;
}
static void e_arch(Elf64_Ehdr *h, char *b) { h->e_machine = EM_AARCH64; }
static void e_kind(Elf64_Ehdr *h, char *b) { h->e_type = ET_REL; }
static void e_none(Elf64_Ehdr *h, char *b) { h->e_phnum = 0; }
static void e_size(Elf64_Ehdr *h, char *b) { h->e_phentsize = 32; }
static void e_many(Elf64_Ehdr *h, char *b) { h->e_phnum = 2000; }
static void e_away(Elf64_Ehdr *h, char *b) { h->e_phoff = size + 4096; }
static void i_none(Elf64_Ehdr *h, char *b) { memcpy(b + interp(h, b)->p_offset, "/lib65", 6); }
static void i_long(Elf64_Ehdr *h, char *b) { interp(h, b)->p_filesz = 5000; }
static void i_short(Elf64_Ehdr *h, char *b) { interp(h, b)->p_filesz = 1; }
static void i_open(Elf64_Ehdr *h, char *b) { interp(h, b)->p_filesz--; }
static void i_text(Elf64_Ehdr *h, char *b) { strcpy(b + interp(h, b)->p_offset, "./script"), interp(h, b)->p_filesz = 9; }
static void i_data(Elf64_Ehdr *h, char *b) { strcpy(b + interp(h, b)->p_offset, "./data"), interp(h, b)->p_filesz = 7; }
static void i_folder(Elf64_Ehdr *h, char *b) { strcpy(b + interp(h, b)->p_offset, "/etc"), interp(h, b)->p_filesz = 5; }
static void *thread(void *p) {
	syscall(SYS_execve, "/nonexistent", args, env);
	return NULL;
}
int main(int argc, char **argv) {
	int f = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	size = lseek(f, 0, SEEK_END);
	copy = malloc(size);
	if (pread(f, copy, size, 0) != (ssize_t)size)
		return 1;
	close(f);
	put("good", copy, size, 0755);
	char *bad[] = {"tool", (char *)8, NULL}, *big = malloc(1 << 18);
	memset(big, 'x', (1 << 18) - 1);
	big[(1 << 18) - 1] = 0;
	try("path bad pointer", (char *)8, args, env);
	try("argv bad pointer", "good", (char **)8, env);
	try("argument bad pointer", "good", bad, env);
	try("envp bad pointer", "good", args, (char **)8);
	try("variable bad pointer", "good", args, bad);
	try("argument too long", "good", (char *[]){"tool", big, NULL}, env);
	try("variable too long", "good", args, (char *[]){big, NULL});
	big[1 << 17] = 0;
	big[(1 << 17) - 1] = 0;
	char *lots[100] = {"tool"};
	for (int i = 1; i < 99; i++)
		lots[i] = big;
	setrlimit(RLIMIT_STACK, &(struct rlimit){1 << 20, RLIM_INFINITY});
	try("arguments too long together", "good", lots, env);
	put("data", copy, size, 0644);
	try("not executable", "data", args, env);
	try("missing", "missing", args, env);
	try("in a file", "good/x", args, env);
	try("folder", "/etc", args, env);
	if (symlink("l1", "l2") || symlink("l2", "l1"))
		return 1;
	try("links in a circle", "l1", args, env);
	char name[5000];
	memset(name, 'n', sizeof name);
	name[300] = 0;
	try("name too long", name, args, env);
	f = open("good", O_WRONLY | O_CLOEXEC);
	try("open to be written", "good", args, env);
	put_text("busy", "#!./good\n");
	try("its interpreter open to be written", "busy", args, env);
	close(f);
	put_text("script", "echo no format\n");
	try("text", "script", args, env);
	put("empty", "", 0, 0755);
	try("empty", "empty", args, env);
	put_text("s1", "#!/nonexistent/interpreter\n");
	try("script's interpreter missing", "s1", args, env);
	put_text("s2", "#!\n");
	try("script without interpreter", "s2", args, env);
	put_text("s3", "#! ./s3 x\n");
	try("script in a circle", "s3", args, env);
	put_text("s4", "#!./data\n");
	try("script's interpreter not executable", "s4", args, env);
	memset(name, '/', 400), memcpy(name, "#!", 2), strcpy(name + 400, "bin/true\n");
	put_text("s5", name);
	try("script's first line too long", "s5", args, env);
	put("cut", copy, 40, 0755);
	try("header cut off", "cut", args, env);
	put("cut", copy, 100, 0755);
	try("program headers cut off", "cut", args, env);
	program("other machine", e_arch);
	program("object file", e_kind);
	program("no program headers", e_none);
	program("size of program headers", e_size);
	program("too many program headers", e_many);
	program("program headers elsewhere", e_away);
	program("loader missing", i_none);
	program("loader's name too long", i_long);
	program("loader's name too short", i_short);
	program("loader's name without end", i_open);
	program("loader no program", i_text);
	program("loader not executable", i_data);
	program("loader a folder", i_folder);
	f = open("good", O_PATH | O_CLOEXEC);
	for (int i = 0; i < 3; i++) {
		long flags[] = {8, 0x1008, 0x80000000};
		syscall(SYS_execveat, f, "", args, env, flags[i]);
		say("flags %lx: %s", flags[i], strerrorname_np(errno));
	}
	syscall(SYS_execveat, f, "", args, env, 0);
	say("no flag: %s", strerrorname_np(errno));
	syscall(SYS_execveat, f, "x", args, env, 0);
	say("not in a folder: %s", strerrorname_np(errno));
	syscall(SYS_execveat, 99, "good", args, env, 0);
	say("no descriptor: %s", strerrorname_np(errno));
	symlink("good", "link");
	syscall(SYS_execveat, AT_FDCWD, "link", args, env, AT_SYMLINK_NOFOLLOW);
	say("a link: %s", strerrorname_np(errno));
	pid_t p;
	say("posix_spawn: %s", strerrorname_np(posix_spawn(&p, "s1", NULL, NULL, args, env)));
	say("posix_spawn: %s", strerrorname_np(posix_spawn(&p, "good", NULL, NULL, bad, env)));
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, thread, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	char *many[61] = {0};
	for (int i = 0; i < 60; i++)
		if (asprintf(&many[i], "VARIABLE_%02d=0123456789", i) < 0)
			return 1;
	syscall(SYS_execveat, f, "", args, many, 0x1008);
	say("a long line: %s", strerrorname_np(errno));
}
