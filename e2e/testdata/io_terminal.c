//e2e:flags -lutil
//e2e:need pty command:bash
// A pseudo terminal with a shell on it: job control, ^C, ^Z, window size.
#include "probe.h"
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
static int master;
static pid_t shell;
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
// foreground waits until the shell (name NULL), or a command of that name in a group of
// its own, has the terminal: the keys that send signals are for it.
static void foreground(const char *name) {
	for (;; sleep_ms(5)) {
		char path[40], comm[20] = "";
		pid_t group = tcgetpgrp(master);
		if (!name && group == shell)
			return;
		if (!name || group <= 0 || group == shell)
			continue;
		snprintf(path, sizeof path, "/proc/%d/comm", group);
		int fd = open(path, O_RDONLY);
		if (fd < 0)
			continue;
		int n = read(fd, comm, sizeof comm - 1);
		close(fd);
		if (n > 0 && !strncmp(comm, name, strlen(name)))
			return;
	}
}
int main(void) {
	struct winsize w = {24, 80, 0, 0};
	shell = forkpty(&master, NULL, NULL, &w);
	if (!shell) {
		execl("/bin/bash", "bash", "--norc", "--noprofile", "--noediting", "-i", NULL);
		_exit(1);
	}
	type("echo one$((1+1))\n");
	expect("one2");
	type("sleep 50000; echo int=$((1+1))\n");
	foreground("sleep");
	type("\003");
	foreground(NULL);
	type("echo back$((1+1))\n");
	expect("back2");
	type("sleep 51000\n");
	foreground("sleep");
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
	say_child("bash", shell);
}
