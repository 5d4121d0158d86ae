// A program that drops its privileges, in all threads, and goes on; exec after.
#include "probe.h"
#include <grp.h>
#include <sys/prctl.h>
static atomic_int go;
static void *thread(void *p) { while (!go) sleep_ms(1); say("thread uid %d gid %d", geteuid(), getegid()); return NULL; }
static void drop(void) {
	pthread_t t;
	pthread_create(&t, NULL, thread, NULL);
	say_result(setgroups(0, NULL));
	say_result(setresgid(65534, 65534, 65534));
	say_result(setresuid(65534, 65534, 65534));
	go = 1;
	pthread_join(t, NULL);
	say_result(setuid(0));
	say("dumpable %d", prctl(PR_GET_DUMPABLE));
	void *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(m, "\xb8\x6b\0\0\0\x0f\x05\xc3", 8); // geteuid
	mprotect(m, 4096, PROT_READ | PROT_EXEC);
	say("jit %d", ((int (*)(void))m)());
	say("system %d", system("id -u; exit 3") >> 8);
}
static void saved(void) { say_result(seteuid(65534)); say("%d %d", getuid(), geteuid()); say_result(seteuid(0)); say("fork %d", system("id -u")); }
int main(void) {
	in_child("drop", drop);
	in_child("saved", saved);
}
