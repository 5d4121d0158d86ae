// fork while other threads map memory, load libraries and allocate.
//e2e:again SYSTRAP_DISCOVER=only
#include "probe.h"
#include <dlfcn.h>
static atomic_int stop;
static void *maps(void *p) {
	while (!stop) {
		void *m = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		mprotect(m, 4096, PROT_READ | PROT_EXEC);
		munmap(m, 65536);
	}
	return NULL;
}
static void *loads(void *p) {
	while (!stop) {
		void *l = dlopen("libanl.so.1", RTLD_NOW);
		if (!l)
			l = dlopen("libutil.so.1", RTLD_NOW);
		if (l)
			dlclose(l);
		free(malloc(300000));
	}
	return NULL;
}
int main(void) {
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, i & 1 ? loads : maps, NULL);
	int good = 0;
	for (int i = 0; i < 100; i++) {
		pid_t p = fork();
		if (!p) {
			void *m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			mprotect(m, 8192, PROT_READ | PROT_EXEC);
			_exit(getpid() == gettid() && munmap(m, 8192) == 0 ? 7 : 8);
		}
		int st;
		waitpid(p, &st, 0);
		good += WIFEXITED(st) && WEXITSTATUS(st) == 7;
	}
	stop = 1;
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	say("good %d", good);
}
