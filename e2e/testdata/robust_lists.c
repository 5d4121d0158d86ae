// Robust futexes of a killed process; set_tid_address; get_robust_list.
#include "probe.h"
int main(void) {
	pthread_mutex_t *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t a;
	pthread_mutexattr_init(&a);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(m, &a);
	for (int i = 0; i < 3; i++) {
		pid_t p = fork();
		if (!p) {
			pthread_mutex_lock(m);
			if (i == 0)
				kill(getpid(), SIGKILL);
			if (i == 1)
				UD2();
			_exit(0);
		}
		say_child("owner", p);
		say("lock %s", strerrorname_np(pthread_mutex_lock(m)));
		say_result(pthread_mutex_consistent(m));
		pthread_mutex_unlock(m);
	}
	void *head = NULL;
	size_t len = 0;
	say_result(syscall(SYS_get_robust_list, 0, &head, &len));
	say("head %d len %zu", head != NULL, len);
	int x;
	say("set_tid_address %d", syscall(SYS_set_tid_address, &x) == gettid());
}
