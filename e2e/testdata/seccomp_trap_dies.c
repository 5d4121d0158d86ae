//e2e:need seccomp
// A filter answers with SIGSYS (SECCOMP_RET_TRAP) where nothing handles it: by its default action, ignored, or blocked.
// The process dies of it, whatever else the filter refuses.
#include "filters.h"
static int disposition;
static const int *also; // refused besides
static void handle(int s) { say("handled %d", s); }
static void run(void) {
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	if (disposition == 1)
		signal(SIGSYS, SIG_IGN);
	if (disposition == 2) {
		sigset_t m;
		sigemptyset(&m);
		sigaddset(&m, SIGSYS);
		sigprocmask(SIG_BLOCK, &m, NULL);
		signal(SIGSYS, handle);
	}
	for (const int *nr = also; *nr >= 0; nr++)
		refuse(*nr, answer_eperm);
	refuse(SYS_getppid, SECCOMP_RET_TRAP | 7);
	say("getppid %ld", raw6(SYS_getppid, 1, 2, 3, 4, 5, 6));
}
static void *in_thread(void *p) {
	run();
	return p;
}
static void threaded(void) {
	pthread_t t;
	pthread_create(&t, NULL, in_thread, NULL);
	pthread_join(t, NULL);
	say("the process lives");
}
int main(void) {
	static const int none[] = {-1}, action[] = {SYS_rt_sigaction, -1},
		kills[] = {SYS_tgkill, SYS_tkill, SYS_kill, SYS_rt_tgsigqueueinfo, -1}, back[] = {SYS_rt_sigreturn, -1};
	static const int *const lists[] = {none, action, kills, back};
	static const char *const names[] = {"no other", "rt_sigaction", "kill and its kin", "rt_sigreturn"};
	static const char *const how[] = {"default", "ignored", "blocked"};
	for (int i = 0; i < 4; i++)
		for (disposition = 0; disposition < 3; disposition++) {
			char what[64];
			also = lists[i];
			snprintf(what, sizeof what, "refused: %s; SIGSYS %s", names[i], how[disposition]);
			in_child(what, run);
		}
	also = none, disposition = 0;
	in_child("in a thread", threaded);
}
