package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// behindFilter executes a program behind a filter that forbids a call, without new privileges but if PRIVILEGED is set.
const behindFilter = `#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(int argc, char **argv) {
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, atoi(argv[1]), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, strtoul(argv[2], 0, 0)),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = {4, f};
	if (!getenv("PRIVILEGED") && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p))
		return 125;
	execvp(argv[3], argv + 3);
	return 126;
}
`

// TestLaunchBehindFilter: a trace of a program that is started behind a filter which was there before goes where it is to go, and has
// its lines, however the filter forbids what it does.
func TestLaunchBehindFilter(t *testing.T) {
	needMachine(t, "ptrace")
	ours, err := ourStrace()
	if err != nil {
		t.Fatal(err)
	}
	filter := compileText(t, behindFilter)
	static := compileText(t, "int main(void) { return 0; }", "-static")
	const errno, kill, killThread, trap = "0x50001", "0x80000000", "0x0", "0x30000"
	for _, c := range []struct{ name, nr, how string }{
		{"unused", "9999", errno}, {"process_vm_readv", "310", errno}, {"getpeername, killed", "52", kill},
		{"getsockopt, trapped", "55", trap}, {"dup3", "292", errno}, {"prctl", "157", errno}, {"ptrace", "101", errno}, {"ptrace, killed", "101", kill},
		{"ptrace, the thread killed", "101", killThread}, {"ptrace, trapped", "101", trap}, {"process_vm_readv, killed", "310", kill},
		{"process_vm_writev, the thread killed", "311", killThread}, {"close_range, killed", "436", kill},
	} {
		for _, options := range [][]string{nil, {"-f"}, {"--preload"}} {
			for _, program := range []string{"/bin/true", static} {
				if program == static && (len(options) > 0 && options[0] == "--preload" || c.nr == "101") {
					continue
				}
				t.Run(c.name+strings.Join(options, "")+filepath.Base(program), func(t *testing.T) {
					log := filepath.Join(t.TempDir(), "log")
					words := append(append([]string{"240", filter, c.nr, c.how, ours, "-o", log}, options...), program)
					cmd := exec.Command("timeout", words...)
					out, err := cmd.CombinedOutput()
					if cmd.ProcessState.ExitCode() == 125 {
						t.Skip("no filter can be installed")
					}
					text, _ := os.ReadFile(log)
					said := string(out)
					if c.nr == "101" { // the line that says so
						_, said, _ = strings.Cut(said, "goes on with LD_PRELOAD\n")
					}
					if err != nil || said != "" || !strings.Contains(string(text), "execve(") || !strings.HasSuffix(string(text), "+++ exited with 0 +++\n") {
						t.Errorf("%v, on standard error: %.300s\nthe trace: %.500s", err, out, text)
					}
				})
			}
		}
	}
}

// TestExecsBehindFilter: the executions of a program that was put behind a filter before it was traced, as in a container, have one line
// each, and the line that says that one runs untraced, also where nobody has tried whether execve is allowed.
func TestExecsBehindFilter(t *testing.T) {
	filter := compileText(t, behindFilter)
	static := compileText(t, "int main(void) { return 0; }", "-static")
	for _, privileged := range []string{"PRIVILEGED=1", "OTHERWISE=1"} {
		t.Run(privileged, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "log")
			cmd := exec.Command("timeout", "240", filter, "9999", "0x50001", "env", "LD_PRELOAD="+traceLib, "SYSTRAP_OPTIONS=-f -o "+log+" -e trace=execve",
				"sh", "-c", static+"; /bin/true; /nonexistent; exit 0")
			cmd.Env = append(os.Environ(), privileged)
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState.ExitCode() == 125 {
				t.Skip("no filter can be installed")
			}
			text, _ := os.ReadFile(log)
			for what, n := range map[string]int{
				`execve("` + static + `"`: 1, static + ": statically linked, runs untraced\n": 1, `execve("/bin/true"`: 1, `execve("/nonexistent"`: 1,
				"= -1 ENOENT": 1, "execve(": 4,
			} {
				if got := strings.Count(string(text), what); got != n {
					t.Errorf("%q is there %d times, want %d\n%s", what, got, n, text)
				}
			}
			if err != nil || strings.Contains(string(out), "trace-syscalls") {
				t.Errorf("%v, %s", err, out)
			}
		})
	}
}
