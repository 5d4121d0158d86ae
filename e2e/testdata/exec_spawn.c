//e2e:prog show lib/show.c
//e2e:args $BIN/show
//e2e:exes show
// posix_spawn with file actions and attributes.
//e2e:not-musl musl has no posix_spawn_file_actions_addclosefrom_np
#include "probe.h"
static void run(char *path, short flags, sigset_t *def, sigset_t *mask, posix_spawn_file_actions_t *fa) {
	posix_spawnattr_t a;
	pid_t p = 0;
	char *args[] = {"show", NULL}, *env[] = {"E=1", NULL};
	posix_spawnattr_init(&a);
	posix_spawnattr_setflags(&a, flags);
	if (def)
		posix_spawnattr_setsigdefault(&a, def);
	if (mask)
		posix_spawnattr_setsigmask(&a, mask);
	int r = posix_spawn(&p, path, fa, &a, args, env);
	if (!r)
		say_child("child", p);
	say("posix_spawn flags %x: %d", flags, r);
}
int main(int argc, char **argv) {
	sigset_t all, ill = set_of(SIGILL, SIGUSR1, 0), none;
	sigfillset(&all);
	sigemptyset(&none);
	run(argv[1], 0, NULL, NULL, NULL);
	signal(SIGILL, SIG_IGN);
	run(argv[1], 0, NULL, NULL, NULL);
	run(argv[1], POSIX_SPAWN_SETSIGDEF, &ill, NULL, NULL);
	run(argv[1], POSIX_SPAWN_SETSIGDEF, &all, NULL, NULL);
	run(argv[1], POSIX_SPAWN_SETSIGMASK, NULL, &ill, NULL);
	run(argv[1], POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF, &ill, &all, NULL);
	sigprocmask(SIG_BLOCK, &ill, NULL);
	run(argv[1], 0, NULL, NULL, NULL);
	run(argv[1], POSIX_SPAWN_SETSIGMASK, NULL, &none, NULL);
	say_mask("parent");
	run(argv[1], POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_RESETIDS, NULL, NULL, NULL);
	run(argv[1], POSIX_SPAWN_SETSID, NULL, NULL, NULL);
	run("/nonexistent", 0, NULL, NULL, NULL);
	posix_spawn_file_actions_t fa;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 5, "out", O_WRONLY | O_CREAT, 0600);
	posix_spawn_file_actions_adddup2(&fa, 5, 1);
	posix_spawn_file_actions_addclosefrom_np(&fa, 3);
	posix_spawn_file_actions_addchdir_np(&fa, "/");
	run(argv[1], 0, NULL, NULL, &fa);
	for (int i = 0; i < 30; i++) {
		pid_t p;
		char *args[] = {"true", NULL};
		if (posix_spawnp(&p, "true", NULL, NULL, args, NULL))
			return 1;
		waitpid(p, NULL, 0);
	}
	say("popen %d", WEXITSTATUS(pclose(popen("exit 3", "w"))));
}
