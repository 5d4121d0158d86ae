// RLIMIT_FSIZE bounds the program's files, not the trace: a hard limit, a soft one, one
// that a child takes on, and SIGXFSZ, which is the program's own.
#include "probe.h"

static volatile int raised;
static void handler(int sig) { raised++; }

static void often(void) {
	for (int i = 0; i < 3000; i++)
		getppid();
}

static void limit(long soft, long hard) {
	struct rlimit l = {soft, hard};
	say_result(setrlimit(RLIMIT_FSIZE, &l));
}

static void child(void) {
	limit(4096, 4096);
	often();
	char b[8192] = "";
	int fd = open("child", O_WRONLY | O_CREAT, 0600);
	say("wrote %d", (int)write(fd, b, sizeof b));
	say_result(write(fd, b, sizeof b));
	say("raised %d", raised);
	pid_t p = fork();
	if (p == 0) {
		execl("/bin/ls", "ls", "-a", "/usr/share/perl5/Debconf", NULL);
		_exit(1);
	}
	int st;
	waitpid(p, &st, 0);
	signal(SIGXFSZ, SIG_DFL);
	often();
	say("wrote %d", (int)write(fd, b, sizeof b));
}

int main(void) {
	signal(SIGXFSZ, handler);
	limit(8192, 1 << 30);
	often();
	in_child("child", child);
	often();
	signal(SIGXFSZ, SIG_IGN);
	char b[16384] = "";
	int fd = open("file", O_WRONLY | O_CREAT, 0600);
	say("wrote %d", (int)write(fd, b, sizeof b));
	say_result(write(fd, b, 1));
	say_result(ftruncate(fd, 1 << 20));
	struct rlimit l;
	getrlimit(RLIMIT_FSIZE, &l);
	say("limit %ld %ld", (long)l.rlim_cur, (long)l.rlim_max);
}
