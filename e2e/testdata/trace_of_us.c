//e2e:args $BIN
//e2e:silent-only
//e2e:not-rewritten it has more program headers then (AT_PHNUM)
// What a program can find out about its own process: threads, descriptors below
// 100, signal dispositions, environment, auxiliary vector, limits, and so on.
// Only the handlers of SIGILL, SIGSYS, SIGSEGV and SIGBUS and what the user set for us may
// differ; they are left out here by name: the last two are for faults of a tool's own code
// (internal/core/watch.go). A tool that sees signals has handlers for all fatal ones.
#include "probe.h"
#include <dirent.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
extern char **environ;
static void status(void) {
	const char *keys[] = {"Threads:", "SigBlk:", "SigIgn:", "SigCgt:", "SigPnd:", "ShdPnd:", "Uid:", "Gid:", "Groups:", "NoNewPrivs:", "Seccomp:", "CapEff:", "CapInh:", "CapAmb:", "Umask:", "TracerPid:", "CoreDumping:", "THP_enabled:", "Speculation_Store_Bypass:", "Cpus_allowed:"};
	char line[512];
	FILE *f = fopen("/proc/self/status", "r");
	while (fgets(line, sizeof line, f))
		for (int i = 0; i < 20; i++)
			if (!strncmp(line, keys[i], strlen(keys[i]))) {
				line[strcspn(line, "\n")] = 0;
				if (i == 3) // those of ours are documented
					say("%s %llx", keys[i], strtoull(line + 7, 0, 16) & ~(getenv("SYSTRAP_TRAP") ? 0x40000458ull : 0x40000448ull));
				else
					say("%s", line);
			}
	fclose(f);
}
static void count(const char *dir, int below) {
	DIR *d = opendir(dir);
	int n = 0;
	for (struct dirent *e; (e = readdir(d));)
		n += e->d_name[0] != '.' && atoi(e->d_name) < below;
	closedir(d);
	say("%s: %d", dir, n);
}
int main(int argc, char **argv) {
	status();
	count("/proc/self/fd", 100);
	count("/proc/self/task", INT_MAX);
	for (int i = 1; i < 65; i++) {
		struct sigaction a;
		if (sigaction(i, NULL, &a) == 0 && (a.sa_handler != SIG_DFL || a.sa_flags))
			say("signal %d: handler %d flags %x", i, a.sa_handler != SIG_IGN, a.sa_flags);
	}
	for (char **e = environ; *e; e++)
		if (strncmp(*e, "LD_PRELOAD=", 11) && strncmp(*e, "SYSTRAP_REPORT=", 15))
			say("env %s", *e);
	int kinds[] = {AT_FLAGS, AT_PAGESZ, AT_SECURE, AT_UID, AT_EUID, AT_HWCAP, AT_HWCAP2, AT_PHNUM, AT_CLKTCK, AT_MINSIGSTKSZ};
	for (int i = 0; i < 10; i++)
		say("auxv %d %lx", kinds[i], getauxval(kinds[i]));
	say("execfn %s", strrchr((char *)getauxval(AT_EXECFN), '/'));
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		struct rlimit l;
		getrlimit(i, &l);
		say("limit %d %lx %lx", i, (long)l.rlim_cur, (long)l.rlim_max);
	}
	char b[4096], name[17] = "";
	prctl(PR_GET_NAME, name);
	say("name %s cwd %s umask %o personality %x", name, strrchr(getcwd(b, sizeof b), '/'), umask(0), personality(0xffffffff));
	say("dumpable %d pdeathsig %d subreaper %d keepcaps %d thp %d", prctl(PR_GET_DUMPABLE), prctl(PR_GET_PDEATHSIG, b), prctl(PR_GET_CHILD_SUBREAPER, b), prctl(PR_GET_KEEPCAPS), prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
	stack_t s;
	sigaltstack(NULL, &s);
	say("altstack %x %zu nice %d sched %d timer %ld", s.ss_flags, s.ss_size, getpriority(0, 0), sched_getscheduler(0), (long)prctl(PR_GET_TIMERSLACK) > 0);
	struct itimerval t;
	getitimer(ITIMER_REAL, &t);
	say("itimer %ld children %ld", (long)t.it_value.tv_sec, (long)wait(NULL));
	say("session %d group %d", getsid(0) == getppid(), getpgrp() == getpid());
	say("errno at start %d brk %d", argc < 0, sbrk(0) != NULL);
	FILE *f = fopen("/proc/self/cmdline", "r");
	int n = fread(b, 1, sizeof b, f), zeros = 0;
	for (int i = 0; i < n; i++)
		zeros += !b[i];
	say("cmdline %d arguments", zeros);
	const char *io[] = {"/proc/self/timers", "/proc/self/wchan"};
	for (int i = 0; i < 2; i++)
		if ((f = fopen(io[i], "r")))
			say("%s %zu", io[i], fread(b, 1, sizeof b, f));
}
