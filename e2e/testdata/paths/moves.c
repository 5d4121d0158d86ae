// Files move, and descriptors are given to other files, between two calls that name a descriptor: with -y each line has
// the path of that moment, whoever it was that moved it.
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int made(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT, 0600);
	if (fd < 0)
		err(1, "%s", name);
	return fd;
}

static void see(int fd)
{
	struct stat st;
	fstat(fd, &st);
}

static volatile int turn;

static void await(int n)
{
	while (turn != n)
		__builtin_ia32_pause();
}

static void by_itself(void)
{
	char b[4];
	int f = made("a");
	see(f);
	rename("a", "b");
	see(f);
	pwrite(f, "xyz", 3, 0);
	read(f, b, 1);
	renameat(AT_FDCWD, "b", AT_FDCWD, "c");
	read(f, b, 1);
	unlink("c");
	read(f, b, 1);
	see(f);
	close(f);
	mkdir("d", 0700);
	f = made("d/x");
	see(f);
	rename("d", "e");
	see(f);
	mkdir("d", 0700);
	rename("e/x", "d/y");
	see(f);
	close(f);
}

static void other_files(void)
{
	int f = made("f"), g = made("g");
	see(f);
	dup2(g, f);
	see(f);
	close(f);
	f = made("h");
	see(f);
	close_range(f, f, 0);
	f = open("f", O_RDONLY | O_CLOEXEC);
	see(f);
	dup3(g, f, O_CLOEXEC);
	see(f);
	close(f);
	close(g);
}

static void by_a_child(void)
{
	int there[2], back[2], f = made("i");
	char b;
	pipe(there);
	pipe(back);
	see(f);
	pid_t pid = fork();
	if (pid == 0) {
		read(there[0], &b, 1);
		rename("i", "j");
		write(back[1], "", 1);
		see(f);
		read(there[0], &b, 1);
		rename("j", "k");
		see(f);
		_exit(0);
	}
	see(f);
	write(there[1], "", 1);
	read(back[0], &b, 1);
	see(f);
	write(there[1], "", 1);
	waitpid(pid, NULL, 0);
	see(f);
	// Told through memory, by one that is at it already.
	volatile int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid = fork();
	for (int i = 0; i < 10; i++)
		if (pid == 0) {
			while (*shared != 2 * i + 1)
				__builtin_ia32_pause();
			rename(i % 2 ? "l" : "k", i % 2 ? "k" : "l");
			*shared = 2 * i + 2;
		} else {
			see(f);
			*shared = 2 * i + 1;
			while (*shared != 2 * i + 2)
				__builtin_ia32_pause();
			see(f);
		}
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	close(f);
}

static void other_kinds(void)
{
	int p[2], f = made("r"), s = socket(AF_INET, SOCK_STREAM, 0), u = socket(AF_UNIX, SOCK_DGRAM, 0), n = dup(s);
	pipe(p);
	for (int i = 0; i < 3; i++) {
		see(n);
		dup2(p[0], n);
		see(n);
		dup2(f, n);
		see(n);
		see(u);
		dup3(u, n, O_CLOEXEC);
		see(n);
		close(n);
		n = socket(AF_INET, SOCK_DGRAM, 0);
		see(n);
		close_range(n, n, 0);
		see(n);
		n = dup(p[1]);
	}
	for (int fd = f; fd <= p[1]; fd++)
		close(fd);
}

static int file;

static void *mover(void *arg)
{
	await(1);
	rename("m", "n");
	turn = 2;
	await(3);
	close(file);
	made("o"); // the same number
	turn = 4;
	return arg;
}

static void by_a_thread(void)
{
	pthread_t t;
	file = made("m");
	pthread_create(&t, NULL, mover, NULL);
	see(file);
	turn = 1;
	await(2);
	see(file);
	turn = 3;
	await(4);
	see(file);
	pthread_join(t, NULL);
	close(file);
}

static void handler(int sig)
{
	see(file);
	turn = sig;
}

static void told_by_a_signal(void)
{
	file = made("p");
	turn = 0;
	signal(SIGUSR1, handler);
	pid_t parent = getpid(), pid = fork();
	if (pid == 0) {
		rename("p", "q");
		kill(parent, SIGUSR1);
		_exit(0);
	}
	await(SIGUSR1);
	see(file);
	waitpid(pid, NULL, 0);
	close(file);
}

int main(void)
{
	for (int i = 0; i < 5; i++) {
		by_itself();
		other_kinds();
		other_files();
		by_a_child();
		by_a_thread();
		system("rm -rf c d e f g h k n o q r");
	}
	told_by_a_signal();
	return 0;
}
