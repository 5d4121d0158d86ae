package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tellChildren is a program that looks for children that it has not made.
const tellChildren = `#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
#ifdef THERE
char there[4096] __attribute__((section(".there"), used)) = {1};
#endif
#ifdef BIG
char big[BIG];
#endif
int main(void) {
	int n = 0, fds = 0;
	while (environ[n])
		n++;
	for (int fd = 3; fd < 4096; fd++)
		fds += lseek(fd, 0, SEEK_CUR) >= 0 || errno != EBADF;
#if !defined THERE && !defined BIG // which are not injected, so nobody waits for the helper
	if (waitpid(-1, NULL, __WALL) >= 0 || errno != ECHILD)
		puts("a child that is not its own");
#endif
	char line[256];
	FILE *f = fopen("/proc/self/status", "r");
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, "TracerPid:", 10) || !strncmp(line, "SigIgn:", 7) || !strncmp(line, "SigBlk:", 7) || !strncmp(line, "SigPnd:", 7))
			fputs(line, stdout);
	printf("%d variables, %d descriptors, %s\n", n, fds, getenv("LD_PRELOAD") ? getenv("LD_PRELOAD") : "-");
	return 5;
}
`

// TestInjectionFollows: what an injected program executes is traced from its first instruction, however it is executed,
// and finds nothing of ours.
func TestInjectionFollows(t *testing.T) {
	static := compileText(t, tellChildren, "-static")
	dynamic := compileText(t, tellChildren)
	// Where the library is to be mapped there is something of the program's.
	taken := compileText(t, tellChildren, "-static", "-DTHERE", "-Wl,--section-start=.there=0x7ea000001000")
	// It leaves the library no room for what that maps itself.
	big := compileText(t, tellChildren, "-static", "-DBIG=7<<20")
	root := t.TempDir()
	copyFile(t, static, filepath.Join(root, "p"))
	const untraced = `: statically linked, runs untraced`
	for _, c := range []struct {
		name    string
		command []string
		root    bool   // to be run by root
		line    string // of ours, if it is not traced
	}{
		{"static", []string{"sh", "-c", static + "; exit $?"}, false, ""},
		{"dynamic", []string{"sh", "-c", dynamic + "; exit $?"}, false, ""},
		{"twice", []string{"nice", "nice", static}, false, ""},
		{"env", []string{"env", "-i", "A=1", static}, false, ""},
		{"env-dynamic", []string{"env", "-i", dynamic}, false, ""},
		{"preload", []string{"env", "LD_PRELOAD=/nothing.so", static}, false, ""},
		{"chroot", []string{"chroot", root, "/p"}, true, ""},
		{"mounts", []string{"unshare", "-m", static}, true, ""},
		{"pids", []string{"unshare", "-p", "-f", "--mount-proc", static}, true, ""},
		{"users", []string{"unshare", "-U", "-r", static}, true, ""},
		{"loader", []string{"/lib64/ld-linux-x86-64.so.2", dynamic}, false, ""},
		{"ignored", []string{"sh", "-c", "trap '' TRAP SEGV HUP USR1 CHLD; exec " + static}, false, ""},
		{"blocked", []string{"perl", "-e", "use POSIX; my $s = POSIX::SigSet->new; $s->fillset; $s->delset(SIGILL); $s->delset(31); sigprocmask(SIG_BLOCK, $s); kill USR1 => $$; exec @ARGV", static}, false, ""},
		{"int3", []string{"env", "SYSTRAP_TRAP=int3", "perl", "-e", "use POSIX; my $s = POSIX::SigSet->new(SIGTRAP); sigprocmask(SIG_BLOCK, $s); exec @ARGV", "sh", "-c", "exit 5"}, false, ""},
		{"taken", []string{"sh", "-c", taken + "; exit $?"}, false, `p: cannot be injected (room for the library, errno 17), runs untraced`},
		{"data", []string{"sh", "-c", "ulimit -d 8400; " + big + "; exit $?"}, false, `no memory for the table of threads: the program runs untraced`},
		{"pids-exec", []string{"unshare", "-p", static}, true, untraced},
	} {
		t.Run(c.name, func(t *testing.T) {
			need(t, c.command[0])
			if c.root && os.Getuid() != 0 {
				t.Skip("needs root")
			}
			run := func(cmd *exec.Cmd) (string, int) {
				cmd.Env = fixedEnv("/")
				out, err := cmd.CombinedOutput()
				if cmd.ProcessState == nil {
					t.Fatal(err)
				}
				return string(out), cmd.ProcessState.ExitCode()
			}
			native, status := run(exec.Command(c.command[0], c.command[1:]...))
			if status != 5 {
				t.Skipf("natively it ends with %d: %s", status, native)
			}
			log := filepath.Join(t.TempDir(), "log")
			out, got := run(exec.Command(tracerCommand(t), append([]string{"--inject", "-f", "-o", log}, c.command...)...))
			if out != native || got != status {
				t.Errorf("%q, status %d; natively %q, %d", out, got, native, status)
			}
			b, _ := os.ReadFile(log)
			execs := regexp.MustCompile(`(?m)^\d+ +(execve\(|<\.\.\. execve resumed>).* = 0$`).FindAllString(string(b), -1)
			starts := strings.Count(string(b), "arch_prctl(ARCH_SET_FS")
			switch {
			case c.line != "" && (!strings.Contains(string(b), c.line) || starts != len(execs)-1):
				t.Errorf("no line %q, or %d starts for %d execs", c.line, starts, len(execs))
			case c.line == "" && (starts != len(execs) || !strings.Contains(string(b), "+++ exited with 5 +++")):
				t.Errorf("%d programs of %d began with the library in them:\n%.2000s", starts, len(execs), strings.Join(execs, "\n"))
			}
		})
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
}
