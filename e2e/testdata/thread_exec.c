//e2e:prog show lib/show.c
//e2e:args $BIN/show
//e2e:exes show
// exec from a thread while others run: the others vanish.
#include "probe.h"
static char *path;
static void *spin(void *p) { for (;;) getppid(); }
static void *blocked(void *p) { pause(); return NULL; }
static void *execs(void *p) { sleep_ms(5); execl(path, "show", "from a thread", NULL); return NULL; }
int main(int argc, char **argv) {
	path = argv[1];
	for (int i = 0; i < 5; i++) {
		pid_t c = fork();
		if (!c) {
			pthread_t t;
			pthread_create(&t, NULL, spin, NULL);
			pthread_create(&t, NULL, blocked, NULL);
			pthread_create(&t, NULL, execs, NULL);
			if (i & 1)
				pthread_exit(NULL);
			pthread_join(t, NULL);
		}
		say_child("exec", c);
	}
}
