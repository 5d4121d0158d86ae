// Code that is made and run in threads, forked and vforked children, behind exec,
// in a signal handler and on an alternate stack.
//e2e:again SYSTRAP_DISCOVER=0 JIT_BLIND=1
//e2e:args again
//e2e:need dispatch
//e2e:report discovered 2400
#include "jit.h"
static unsigned char *early;

static void *thread(void *p) {
	unsigned char *mine = jit_pages(4096, jit_rwx);
	long wrong = 0;
	for (int i = 0; i < 100; i++) {
		memset(mine, 0xcc, 256);
		jit_put(mine + i);
		wrong += jit_run(mine + i) != getppid() || jit_run(early) != getppid();
	}
	mprotect(mine, 4096, jit_rx);
	wrong += jit_run(mine + 99) != getppid();
	munmap(mine, 4096);
	return (void *)wrong;
}

static void in_threads(const char *what) {
	pthread_t t[4];
	long wrong = 0;
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, thread, NULL);
	for (int i = 0; i < 4; i++) {
		void *r;
		pthread_join(t[i], &r);
		wrong += (long)r;
	}
	say("%s: wrong %ld", what, wrong);
}

static void grandchild(void) { jit_check("in a grandchild", early); }

static void child(void) {
	unsigned char *p = jit_pages(4096, jit_rw);
	jit_put(p);
	mprotect(p, 4096, jit_rx);
	jit_check("made in a child", p);
	jit_check("made before", early);
	in_threads("threads of a child");
	in_child("grandchild", grandchild);
}

static unsigned char *handled;
static void handler(int s) {
	jit_put(handled);
	jit_check("in a handler", handled);
}

int main(int argc, char **argv) {
	early = jit_pages(4096, jit_rw);
	jit_put(early);
	mprotect(early, 4096, jit_rx);
	jit_check("first", early);
	in_threads("threads");
	in_child("child", child);
	pid_t p = vfork();
	if (!p) {
		jit_check("in a vfork child", early);
		jit_put(handled = jit_pages(4096, jit_rwx));
		_exit(jit_run(handled) != getppid());
	}
	say_child("vfork child", p);
	jit_check("its code in the parent", handled);
	stack_t alt = {.ss_sp = malloc(65536), .ss_size = 65536};
	sigaltstack(&alt, NULL);
	struct sigaction a = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
	sigaction(SIGUSR1, &a, NULL);
	raise(SIGUSR1);
	if (argc > 1) {
		say("exec");
		execl("/proc/self/exe", argv[0], NULL);
	}
}
