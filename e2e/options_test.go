package e2e

import (
	"cmp"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// ourStrace builds systrap, with the sources in it, its link named strace, and the library beside them.
var ourStrace = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(workRoot, "bin")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	for _, args := range [][]string{
		{"go", "run", "./internal/library/pack", dir},
		{"go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-ldflags=-E main.start", "-o", filepath.Join(dir, "systrap"), "./cmd/systrap"},
		{filepath.Join(dir, "systrap"), "build", "-o", filepath.Join(dir, "trace-syscalls.so"), "./cmd/trace-syscalls"},
	} {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = ".."
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", errors.New(string(out))
		}
	}
	link := filepath.Join(dir, "strace")
	return link, os.Symlink("systrap", link)
})

// tracerCommand returns the link named strace to systrap.
func tracerCommand(t *testing.T) string {
	t.Helper()
	link, err := ourStrace()
	if err != nil {
		t.Fatal(err)
	}
	return link
}

// traced is what a run under a tracer leaves.
type traced struct {
	logs   map[string]string // -o's files by name; process ids in the names are counted
	stderr string
	status int
}

var (
	// pidWords are process ids: what is replaced by the order of appearance.
	fileOfPid = regexp.MustCompile(`^log\.(\d+)$`)
	tracerIs  = regexp.MustCompile(`(?m)^\S*strace: `)
	times     = regexp.MustCompile(`\d+\.\d{3,9}|\b\d\d:\d\d:\d\d\b`)
	table     = regexp.MustCompile(`(?m)^ *\d+\.\d\d +S +\d+`)
	straceURL = regexp.MustCompile(`0x[0-9a-f]{6,}`)
)

// toStderr begins options that are to be used without -o.
const toStderr = "stderr: "

// runTracer runs script under a tracer with options, in a fresh directory.
func runTracer(t *testing.T, tracer, options, script string) *traced {
	t.Helper()
	dir := filepath.Join(workRoot, "options")
	os.RemoveAll(dir)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	args := []string{"240", tracer}
	if rest, ok := strings.CutPrefix(options, toStderr); ok {
		options = rest
	} else {
		args = append(args, "-o", "log")
	}
	args = append(args, strings.Fields(options)...)
	cmd := exec.Command("timeout", append(args, "sh", "-c", script)...)
	cmd.Dir = dir
	cmd.Env = fixedEnv(dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	got := &traced{logs: map[string]string{}, status: cmd.ProcessState.ExitCode()}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	pids := []string{}
	for _, e := range entries {
		if m := fileOfPid.FindStringSubmatch(e.Name()); m != nil {
			pids = append(pids, m[1])
		}
	}
	slices.SortFunc(pids, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		name := e.Name()
		if m := fileOfPid.FindStringSubmatch(name); m != nil {
			name = "log.#" + string(rune('0'+slices.Index(pids, m[1])))
		}
		got.logs[name] = volatile(string(b))
	}
	got.stderr = volatile(tracerIs.ReplaceAllString(stderr.String(), "strace: "))
	return got
}

// volatile takes out what differs from run to run.
func volatile(s string) string {
	s = times.ReplaceAllString(s, "S")
	s = table.ReplaceAllString(s, "TIME")
	s = straceURL.ReplaceAllString(s, "ADDR")
	s = shownPids.ReplaceAllString(s, "${1}ID")
	s = ids.ReplaceAllString(s, "ID")
	s = columnOfID.ReplaceAllString(s, "ID ")
	s = behindKill.ReplaceAllString(s, "$1 ")
	return ticks.ReplaceAllString(s, "si_${1}time=T")
}

// What is as wide as an id, and the ticks of processor time that a child happened to be charged.
var (
	columnOfID = regexp.MustCompile(`(?m)^ID +`)
	behindKill = regexp.MustCompile(`(\bkill\(ID, \w+\)) +`)
	ticks      = regexp.MustCompile(`\bsi_([us])time=\d+(?: /\* [^*]* \*/)?`)
)

// shownPids are the places of process ids, which are small numbers in a young PID
// namespace and when they have wrapped.
var shownPids = regexp.MustCompile(`(?m)(\b(?:si_)?pid=|\[?\bpid +|[Pp]rocess |\bt?g?kill\(|^)\d+\b`)

// TestOptionsAsStrace runs a script under strace and under ours with the same
// options, and wants the same files, messages and status. The calls that are
// traced are those of the script only, as strace sees the loader's, too.
func TestOptionsAsStrace(t *testing.T) {
	need(t, "strace")
	needMachine(t, "ptrace")
	ours := tracerCommand(t)
	const (
		alone    = `cd /; cd /nonexistent; umask 027; cd "` + "\t\xff" + `"; cd /usr; echo text; exit 3`
		family   = `cd /; (cd /usr; exit 4); cd /tmp; sh -c 'cd /var; exit 5'`
		calls    = "-e trace=chdir,umask,exit_group "
		children = "-e trace=chdir,exit_group "
	)
	for _, c := range []struct{ options, script string }{
		{calls, alone},
		{calls + "-a 12", alone},
		{calls + "-s 3", alone},
		{calls + "-x", alone},
		{calls + "-xx", alone},
		{calls + "--strings-in-hex=non-ascii-chars", alone},
		{calls + "-n", alone},
		{calls + "-z", alone},
		{calls + "-Z", alone},
		{calls + "-e status=failed,unfinished", alone},
		{calls + "-e raw=umask", alone},
		{calls + "-P /usr", alone},
		{calls + "-P /usr -P /nonexistent", alone},
		{calls + "-t", alone},
		{calls + "-ttt -T", alone},
		{calls + "-r -tt", alone},
		{calls + "--timestamps=unix,ns --syscall-times=ms --relative-timestamps=ms", alone},
		{calls + "-qq", alone},
		{calls + "-e quiet=exits", alone},
		{calls + "-e inject=chdir:error=EPERM", alone},
		{calls + "-e inject=chdir:error=77:when=2", alone},
		{calls + "-e fault=chdir:when=1+2", alone},
		{calls + "-e inject=umask:retval=0777", alone},
		{calls + "-e inject=chdir:delay_enter=2000", alone},
		{calls + "-e inject=chdir:signal=TERM:when=3", alone},
		{"-e trace=write -e write=1", alone},
		{"-e trace=write -y", alone + " 9</dev/null"},
		{"-e trace=/^ch(dir|root)$,umask", alone},
		{"-e trace=!/^[a-tv-z].*|^un.*,umask", alone},
		{"-c -S name -U name,calls,errors -e trace=chdir,umask", alone},
		{"-C -w -S calls -U calls,errors,name -e trace=chdir,umask", alone},
		{children, family},
		{children + "-f", family},
		{children + "-ff", family},
		{children + "-f -qq", family},
		{toStderr + children, "cd /; (exit 4)"},
		{toStderr + children + "-f", "cd /; (cd /usr; exit 4); cd /tmp"},
		{toStderr + children + "-f -q", "cd /; (cd /usr; exit 4); cd /tmp"},
		{toStderr + children + "-f -e quiet=exit", "cd /; (cd /usr; exit 4); cd /tmp"},
		{"-fc -S name -U name,calls,errors -e trace=chdir", family},
		{"-c -S name -U name,calls,errors -e trace=chdir", family},
		{"-e trace=kill", "trap : USR1; kill -USR1 $$; kill -TERM $$"},
		{"-e trace=kill -e signal=none", "trap : USR1; kill -USR1 $$; kill -TERM $$"},
		{"-e trace=kill -e signal=!usr1", "trap : USR1; kill -USR1 $$; kill -TERM $$"},
		{"-e trace=exit_group -e signal=none", `exec /usr/bin/python3 -S -c "import threading,os,signal; t=threading.Thread(target=lambda: os._exit(7)); t.start(); t.join()"`},
		{"-e trace=tgkill -e signal=TERM", `exec /usr/bin/python3 -S -c "import threading,os,signal; t=threading.Thread(target=lambda: signal.pthread_kill(threading.get_ident(), 15)); t.start(); t.join()"`},
		{"-e trace=nothing", alone},
		{"-e inject=chdir", alone},
		{calls + "-S name -A", alone},
		{"-zZ " + calls, alone},
		{toStderr + children + "-b execve", "cd /; exec true"},
		{toStderr + children + "-b execve -q", "cd /; exec true"},
		{toStderr + "-e trace=chdir,execve -e raw=execve -e status=detached -b execve", "cd /; exec /bin/true"},
		{children + "-f -b execve", "cd /; (cd /usr; exec true); cd /tmp; exit 0"},
		{"-E VAR=value " + calls, `cd "/$VAR"`},
		{"-E HOME " + calls, `cd "/x$HOME"`},
	} {
		t.Run(c.options, func(t *testing.T) {
			want := runTracer(t, "strace", c.options, c.script)
			got := runTracer(t, ours, c.options, c.script)
			if want.status != got.status || want.stderr != got.stderr {
				t.Errorf("strace: status %d, stderr %s\nours: status %d, stderr %s", want.status, want.stderr, got.status, got.stderr)
			}
			for name := range want.logs {
				if got.logs[name] != want.logs[name] {
					t.Errorf("%s:\nstrace:\n%sours:\n%s", name, want.logs[name], got.logs[name])
				}
			}
			if len(got.logs) != len(want.logs) {
				t.Errorf("strace left %d files, ours %d", len(want.logs), len(got.logs))
			}
		})
	}
}

// TestOutputToCommand checks that the command behind -o '|…' has read all before
// the tracer ends.
func TestOutputToCommand(t *testing.T) {
	ours := tracerCommand(t)
	out := filepath.Join(t.TempDir(), "out")
	cmd := exec.Command(ours, "-o", "|sleep 0.2; cat >"+out, "-e", "trace=chdir", "sh", "-c", "cd /usr; exit 6")
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 6 {
		t.Errorf("%v", err)
	}
	b, err := os.ReadFile(out)
	if want := "chdir(\"/usr\")                           = 0\n+++ exited with 6 +++\n"; err != nil || string(b) != want {
		t.Errorf("%v, %q", err, b)
	}
}

// TestCountsSurvive checks -c over processes that exec, die of SIGKILL or
// outlive their parent.
func TestCountsSurvive(t *testing.T) {
	ours := tracerCommand(t)
	log := filepath.Join(t.TempDir(), "log")
	const script = `cd /; sh -c 'cd /; kill -9 $$'; (cd /; while kill -0 $$ 2>/dev/null; do sleep 0.02; done; cd /; cd /) & cd /; exec sh -c 'cd /; kill -9 $$'`
	for _, preload := range []bool{false, true} {
		args := []string{ours, "-f", "-c", "-U", "calls,name", "-e", "trace=chdir", "-o", log, "sh", "-c", script}
		cmd := exec.Command(args[0], args[1:]...)
		if preload {
			// Without systrap trace the last process prints.
			cmd = exec.Command("sh", "-c", script)
			cmd.Env = append(os.Environ(), "LD_PRELOAD="+filepath.Join(filepath.Dir(ours), "trace-syscalls.so"),
				"SYSTRAP_OPTIONS=-f -c -U calls,name -e trace=chdir -o "+log)
		}
		cmd.Run()
		if ws := cmd.ProcessState.String(); !strings.Contains(ws, "killed") {
			t.Errorf("%v: %s", args, ws)
		}
		var b []byte
		for i := 0; i < 6000 && len(b) == 0; i++ {
			exec.Command("sleep", "0.02").Run()
			var err error
			if b, err = os.ReadFile(log); err != nil {
				t.Fatal(err)
			}
		}
		if want := "    calls syscall\n--------- ----------------\n        7 chdir\n--------- ----------------\n        7 total\n"; string(b) != want {
			t.Errorf("preload %v: %s", preload, b)
		}
		os.Remove(log)
	}
}

// TestCountsOfExecve: an execve that succeeds was counted as failed when a call before
// it had, whose result was still there.
func TestCountsOfExecve(t *testing.T) {
	ours, err := ourStrace()
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "log")
	exec.Command(ours, "-f", "-c", "-U", "calls,errors,name", "-e", "trace=execve", "-o", log, "sh", "-c", "ls /nonexistent 2>&-").Run()
	b, err := os.ReadFile(log)
	want := "    calls    errors syscall\n--------- --------- ----------------\n        2           execve\n--------- --------- ----------------\n        2           total\n"
	if err != nil || string(b) != want {
		t.Errorf("%v\n%s", err, b)
	}
}
