// Protection keys: the kernel's answers depend on the rights of the thread, and
// a handler has others. Calls with buffers under a key, rights that pkey_alloc
// gives, text under a key.
//e2e:need pkeys
//e2e:report trapped 1650
//e2e:again SYSTRAP_DISCOVER=0
//e2e:not-musl musl has no pkey_alloc
#include "pages.h"
static unsigned rdpkru(void) {
	unsigned a, d;
	__asm__ volatile(".byte 0x0f, 0x01, 0xee" : "=a"(a), "=d"(d) : "c"(0));
	return a;
}
static char *buf;
static int key, zero;
static void calls(const char *what) {
	say("%s: rights %x", what, rdpkru());
	say_result(pwrite(zero, buf, 4096, 0));
	say_result(pread(zero, buf, 4096, 0));
}
static void *thread(void *a) {
	calls("thread");
	return NULL;
}
static void usr1(int s) {
	say("handler: rights %x", rdpkru());
	say_result(pwrite(zero, buf, 4096, 0));
}
int main(void) {
	zero = open("zero", O_RDWR | O_CREAT, 0600);
	buf = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	say("rights at start %x", rdpkru());
	key = pkey_alloc(0, 0);
	say("rights %x", rdpkru());
	say_result(pkey_mprotect(buf, 4096, PROT_READ | PROT_WRITE, key));
	buf[0] = 1;
	calls("all");
	pkey_set(key, PKEY_DISABLE_WRITE);
	calls("no write");
	pkey_set(key, PKEY_DISABLE_ACCESS);
	calls("no access");
	signal(SIGUSR1, usr1);
	pkey_set(key, 0);
	raise(SIGUSR1);
	calls("after the handler");
	pthread_t t;
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	fflush(stdout);
	if (fork() == 0) {
		calls("child");
		_exit(0);
	}
	wait(NULL);
	int second = pkey_alloc(0, PKEY_DISABLE_WRITE);
	say("second key: rights %x", rdpkru());
	say_result(pkey_free(second));
	// Text under a key that lets the thread read, then not.
	page_maps("before", PAGES, pages_size);
	for (int rights = 0; rights < 4; rights++) {
		pkey_set(key, rights);
		say_result(pkey_mprotect(PAGES, pages_size, PROT_READ | PROT_EXEC, key));
		page_maps("under the key", PAGES, pages_size);
		page_runs("under the key", 30);
		say_result(pkey_mprotect(PAGES, pages_size, PROT_EXEC, key));
		page_runs("execute-only under the key", 10);
		page_maps("execute-only under the key", PAGES, pages_size);
		say_result(pkey_mprotect(PAGES, pages_size, PROT_READ | PROT_WRITE, key));
		page_maps("writable under the key", PAGES, pages_size);
		say_result(pkey_mprotect(PAGES, pages_size, PROT_READ | PROT_EXEC, 0));
		page_maps("under key 0", PAGES, pages_size);
	}
	// Code written under a key, as V8 does.
	pkey_set(key, 0);
	char *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(PAGES, pages_size, PROT_READ); // its own bytes
	memcpy(code, PAGES, 4096);
	mprotect(PAGES, pages_size, PROT_READ | PROT_EXEC);
	say_result(pkey_mprotect(code, 4096, PROT_READ | PROT_EXEC, key));
	pkey_set(key, PKEY_DISABLE_ACCESS);
	say("made code %d", page_run(code) == getppid());
	say("rights %x", rdpkru());
}
