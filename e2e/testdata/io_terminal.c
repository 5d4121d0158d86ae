//e2e:flags -lutil
// A pseudo terminal with a shell on it: job control, ^C, ^Z, window size.
#include "probe.h"
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
static int master;
static void expect(const char *want) {
	char b[20000];
	int n = 0;
	while (n < (int)sizeof b - 1) {
		int r = read(master, b + n, sizeof b - 1 - n);
		if (r <= 0)
			break;
		n += r;
		b[n] = 0;
		if (strstr(b, want)) {
			say("seen %s", want);
			return;
		}
	}
	say("no %s", want);
}
static void type(const char *s) { if (write(master, s, strlen(s)) < 0) say("write"); }
int main(void) {
	struct winsize w = {24, 80, 0, 0};
	alarm(15);
	pid_t p = forkpty(&master, NULL, NULL, &w);
	if (!p) {
		execl("/bin/bash", "bash", "--norc", "--noprofile", "--noediting", "-i", NULL);
		_exit(1);
	}
	type("echo one$((1+1))\n");
	expect("one2");
	type("sleep 50; echo int=$((1+1))\n");
	sleep_ms(200);
	type("\003");
	sleep_ms(100);
	type("echo back$((1+1))\n");
	expect("back2");
	type("sleep 51\n");
	sleep_ms(200);
	type("\032");
	expect("Stopped");
	type("jobs | wc -l; kill %1; wait; echo gone$((1+1))\n");
	expect("gone2");
	type("trap 'echo win$((1+1))' WINCH; stty size\n");
	expect("24 80");
	w.ws_row = 30;
	ioctl(master, TIOCSWINSZ, &w);
	type("stty size\n");
	expect("30 80");
	type("exit 9\n");
	say_child("bash", p);
}
