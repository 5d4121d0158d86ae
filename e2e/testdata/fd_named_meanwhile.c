// One thread gives a file a number of its choice, again and again, which is the lowest free one just before; the other makes code, for which
// the library opens files of its own. One of those had that number when dup2 came, and was closed behind it: with it
// the program's file was. A command of a shell had no standard input so.
//e2e:again SYSTRAP_DOOR=jump
//e2e:again SYSTRAP_DISCOVER=0
#include "probe.h"
enum { ROUNDS = 20000 };
static atomic_int stop;
static void *makes_code(void *arg) {
	static const unsigned char getpid_[] = {0xb8, 0x27, 0, 0, 0, 0x0f, 0x05, 0xc3};
	long wrong = 0, made = 0;
	while (!atomic_load(&stop)) {
		unsigned char *p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		memcpy(p, getpid_, sizeof getpid_);
		mprotect(p, 4096, PROT_READ | PROT_EXEC);
		wrong += ((int (*)(void))p)() != getpid();
		munmap(p, 4096);
		made++;
	}
	say("made code %d, wrong %ld", made > 0, wrong);
	return arg;
}
int main(void) {
	pthread_t t;
	struct stat want, is;
	int from = open("/dev/null", O_RDONLY), to = dup(from);
	long closed = 0, other = 0;
	fstat(from, &want);
	pthread_create(&t, 0, makes_code, 0);
	for (int i = 0; i < ROUNDS; i++) {
		close(to);
		if (dup2(from, to) != to)
			say("dup2 %s", strerror(errno));
		if (i % 4 == 0)
			sched_yield();
		if (fstat(to, &is))
			closed++;
		else if (is.st_ino != want.st_ino || is.st_dev != want.st_dev)
			other++;
	}
	atomic_store(&stop, 1);
	pthread_join(t, 0);
	say("closed %ld, another file %ld", closed, other);
}
