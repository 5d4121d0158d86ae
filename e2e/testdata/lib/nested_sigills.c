// A program that blocks SIGILL and waits for SIGUSR1, with one SIGILL pending (e2e/nestedsigill_test.go).
#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t handled, go;

static void handler(int s)
{
	handled++;
}

static void let(int s)
{
	go = 1;
}

int main(void)
{
	sigset_t ill;
	sigemptyset(&ill);
	sigaddset(&ill, SIGILL);
	sigprocmask(SIG_BLOCK, &ill, NULL);
	signal(SIGILL, handler);
	signal(SIGUSR1, let);
	raise(SIGILL);
	puts("ready");
	fflush(stdout);
	while (!go)
		;
	sigset_t now;
	sigprocmask(SIG_UNBLOCK, &ill, &now);
	printf("handled %d, blocked SIGILL %d SIGUSR1 %d\n", handled, sigismember(&now, SIGILL), sigismember(&now, SIGUSR1));
	return 0;
}
