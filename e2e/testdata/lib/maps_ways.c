// A program that reads /proc/self/maps and its like in all the ways there are, and finds the same text, with its own mappings where
// they are. With an argument it prints what it finds: that is as natively only where nothing of ours is in ld.so's list.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char want[1 << 20], got[1 << 20];
static int wanted, bad;

static void same(const char *how, int n) {
	if (n != wanted || memcmp(got, want, n > 0 ? n : 0)) {
		printf("%s: %d bytes, not %d, or others\n", how, n, wanted);
		bad = 1;
	}
}

static void check(const char *what, int ok) {
	if (!ok) {
		printf("%s: no\n", what);
		bad = 1;
	}
}

static int all(int fd, char *to, int step) {
	int n = 0, k;
	while ((k = read(fd, to + n, step)) > 0)
		n += k;
	return k < 0 ? -errno : n;
}

static void *reader(void *arg) {
	int fd = open(arg, O_RDONLY);
	static __thread char part[4096];
	long lines = 0;
	int k;
	while ((k = read(fd, part, sizeof part)) > 0)
		for (int i = 0; i < k; i++)
			lines += part[i] == '\n';
	close(fd);
	return (void *)lines;
}

struct query {
	__u64 size, flags, addr, start, end, vma[4];
	__u32 major, minor, name_size, build_id_size;
	__u64 name, build_id;
};

// by_query finds the bounds of all mappings by ioctl(2), Linux 6.11.
static void by_query(int fd, const char *text) {
	struct query q = {.size = sizeof q, .flags = 0x10};
	if (ioctl(fd, _IOWR('f', 17, struct query), &q) && errno == ENOTTY)
		return;
	const char *p = text;
	while (*p) {
		unsigned long lo, hi;
		sscanf(p, "%lx-%lx", &lo, &hi);
		if (strstr(p, "[vsyscall]") && strchr(p, '\n') > strstr(p, "[vsyscall]"))
			break; // the kernel's, which is asked for by no mapping
		if (ioctl(fd, _IOWR('f', 17, struct query), &q) || q.start != lo || q.end != hi) {
			printf("query: %llx-%llx, not %lx-%lx\n", (long long)q.start, (long long)q.end, lo, hi);
			bad = 1;
			return;
		}
		q = (struct query){.size = sizeof q, .flags = 0x10, .addr = hi};
		p = strchr(p, '\n') + 1;
	}
}

int main(int argc, char **argv) {
	char path[64], *page = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(page + 4096, 4096, PROT_NONE);
	setvbuf(stdout, malloc(1 << 16), _IOFBF, 1 << 16);
	int dir = open("/proc/self", O_RDONLY | O_DIRECTORY);
	int fd = open("/proc/self/maps", O_RDONLY), held = dup(fd);
	wanted = all(fd, want, sizeof want);
	check("whole", wanted > 500 && want[wanted - 1] == '\n');
	snprintf(path, sizeof path, "%lx-%lx ---p", (long)page + 4096, (long)page + 8192);
	check("its own mapping", strstr(want, path) != NULL);
	check("its stack", strstr(want, "[stack]") != NULL);
	struct stat st;
	check("fstat", fstat(fd, &st) == 0 && st.st_size == 0 && (st.st_mode & 07777) == 0444);
	check("end", read(fd, got, 1) == 0);
	check("lseek's end", lseek(fd, 0, SEEK_CUR) == wanted && lseek(held, 0, SEEK_CUR) == wanted);
	check("SEEK_END", lseek(fd, 0, SEEK_END) == -1 && errno == EINVAL);
	check("before the beginning", lseek(fd, -1, SEEK_SET) == -1 && errno == EINVAL);
	check("behind the end", pread(fd, got, 9, wanted + 100) == 0);
	int steps[] = {1, 2, 7, 13, 64, 100, 1000, 1024, 4095, 4096, 5000, 100000};
	for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
		lseek(i % 2 ? held : fd, 0, SEEK_SET);
		memset(got, 0, wanted);
		snprintf(path, sizeof path, "by %d", steps[i]);
		same(path, all(fd, got, steps[i]));
		int n = 0, k;
		while ((k = pread(held, got + n, steps[i], n)) > 0)
			n += k;
		same("pread", n);
	}
	lseek(fd, 0, SEEK_SET);
	int n = 0, k, turn = 0, fds[4] = {fd, held, dup2(fd, 100), fcntl(fd, F_DUPFD_CLOEXEC, 90)};
	while ((k = read(fds[turn++ % 4], got + n, 333)) > 0)
		n += k;
	same("four descriptors", n);
	lseek(fd, 0, SEEK_SET);
	for (n = 0;;) {
		struct iovec v[3] = {{got + n, 5}, {got + n + 5, 0}, {got + n + 5, 700}};
		if ((k = readv(fd, v, 3)) <= 0)
			break;
		n += k;
	}
	same("readv", n);
	lseek(fd, 0, SEEK_SET);
	n = read(fd, got, 700);
	fflush(stdout);
	int pipes[2];
	if (pipe(pipes))
		return 1;
	if (fork() == 0) {
		char b[600];
		int k = read(held, b, sizeof b);
		_exit(write(pipes[1], b, k) != k);
	}
	wait(NULL);
	n += read(pipes[0], got + n, 600);
	n += all(fd, got + n, 4096);
	same("a child in between", n);
	char *volatile nowhere = (char *)1;
	check("a bad address", pread(fd, nowhere, 100, 0) == -1 && errno == EFAULT);
	check("nothing", read(fd, NULL, 0) == 0);
	check("sendfile", sendfile(pipes[1], fd, NULL, 100) == -1 && errno == EINVAL);
	check("O_WRONLY's", write(fd, "x", 1) == -1 && errno == EBADF);
	by_query(fd, want);
	int at = openat(dir, "maps", O_RDONLY);
	same("openat", all(at, got, 4096));
	close(at);
	snprintf(path, sizeof path, "/proc/%d/maps", getpid());
	at = open(path, O_RDONLY);
	same("by number", all(at, got, 4096));
	close(at);
	at = syscall(SYS_open, "/proc/thread-self/maps", O_RDONLY);
	same("thread-self", all(at, got, 4096));
	close(at);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	at = open(path, O_RDONLY);
	same("by its descriptor", all(at, got, 4096));
	close(at);
	FILE *f = fopen("/proc/self/maps", "r");
	for (n = 0; fgets(got + n, 4096, f);)
		n += strlen(got + n);
	fclose(f);
	same("fgets", n); // the heap has room for its buffer by now
	close(fd), close(held), close(100), close(fds[3]);
	fd = open("/dev/null", O_RDONLY);
	check("another file", read(fd, got, 10) == 0 && lseek(fd, 5, SEEK_SET) == 0);
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, reader, i % 2 ? "/proc/self/smaps" : "/proc/thread-self/maps");
	for (int i = 0; i < 4; i++) {
		void *lines;
		pthread_join(t[i], &lines);
		check("a thread's", (long)lines > 10);
	}
	if (argc > 1) {
		fwrite(want, 1, wanted, stdout);
		char line[5000];
		for (f = fopen("/proc/self/smaps", "r"); fgets(line, sizeof line, f);)
			if (strchr("0123456789abcdef", line[0]))
				printf("smaps %.50s\n", line);
		fclose(f);
		for (f = fopen("/proc/self/numa_maps", "r"); f && fgets(line, sizeof line, f);)
			printf("numa %.12s\n", line);
		DIR *d = opendir("/proc/self/map_files");
		for (struct dirent *e; d && (e = readdir(d));)
			printf("file %s\n", e->d_name);
	}
	puts(bad ? "bad" : "ok");
	return bad;
}
