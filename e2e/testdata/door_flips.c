//e2e:need jump
//e2e:lib libdoors.so lib/doors.c
//e2e:args $BIN/libdoors.so
//e2e:flags -ldl
//e2e:again SYSTRAP_DOOR=jump
//e2e:again SYSTRAP_DOOR=jump SYSTRAP_DISCOVER=0
//e2e:again SYSTRAP_DOOR=jump SYSTRAP_DISCOVER=0 SYSTRAP_TRAP=int3
// Threads make calls through a library's text while another one makes it writable, which has jumps undone, and executable
// again; then the library goes, and comes again at the same place. Signals come all the time.
#include "probe.h"
#include <dlfcn.h>

enum { CALLERS = 2 };
static long (*volatile functions[4])(long, void *, long);
static atomic_int go, away[CALLERS], stop;
static atomic_long wrong, calls;
static pid_t self;

static void on_alarm(int sig) { getppid(); }

static void *caller(void *p) {
	int me = (long)p;
	while (!stop) {
		while (!go && !stop)
			away[me] = 1;
		away[me] = 0;
		if (!go || stop)
			continue;
		for (int i = 0; i < 20; i++)
			for (int f = 0; f < 4; f++) {
				long r = functions[f](-1, NULL, 0);
				wrong += r != (f == 0 ? -EBADF : self);
				calls++;
			}
	}
	away[me] = 1;
	return NULL;
}

static void quiet(void) {
	go = 0;
	for (int i = 0; i < CALLERS; i++)
		while (!away[i] || go)
			sched_yield();
}

int main(int argc, char **argv) {
	static const char *names[] = {"door_two", "door_three", "door_four", "door_five"};
	int rounds = argc > 2 ? atoi(argv[2]) : 150;
	self = getpid();
	signal(SIGALRM, on_alarm);
	for (int i = 0; i < 300; i++) // of one thread
		wrong += read(-1, NULL, 0) != -1 || getppid() < 0;
	pthread_t t[CALLERS];
	for (long i = 0; i < CALLERS; i++)
		pthread_create(&t[i], NULL, caller, (void *)i);
	for (int i = 0; i < 500; i++)
		wrong += read(-1, NULL, 0) != -1;
	struct itimerval v = {{0, 1000}, {0, 1000}};
	setitimer(ITIMER_REAL, &v, NULL);
	int bytes = 0, flips = 0;
	for (int round = 0; round < rounds; round++) {
		void *l = dlopen(argv[1], RTLD_NOW);
		if (!l) {
			say("%s", dlerror());
			return 1;
		}
		for (int f = 0; f < 4; f++)
			functions[f] = (long (*)(long, void *, long))dlsym(l, names[f]);
		unsigned char *page = dlsym(l, "door_page");
		long before = calls;
		go = 1;
		while (calls < before + 200)
			sched_yield();
		for (int i = 0; i < 2; i++) {
			flips += mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) == 0;
			bytes += page[0] == 0x31 && page[1] == 0xc0 && page[2] == 0x0f && page[3] == 0x05;
			before = calls;
			while (calls < before + 50)
				sched_yield();
			flips += mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
		}
		quiet();
		if (round % 3 == 1) {
			flips += madvise(page, 4096, MADV_DONTNEED) == 0;
			wrong += functions[0](-1, NULL, 0) != -EBADF;
		}
		dlclose(l);
	}
	stop = 1;
	for (int i = 0; i < CALLERS; i++)
		pthread_join(t[i], NULL);
	say("wrong %ld, %d flips, own bytes %d of %d", (long)wrong, flips, bytes, 2 * rounds);
}
