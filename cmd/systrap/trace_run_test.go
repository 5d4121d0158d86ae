package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"libsystrap/internal/freestanding"
	"libsystrap/internal/testdir"
)

// install makes a folder with the command, with the library's sources in it, also under the name strace, and the
// no-op tool in the tracer's place.
var install = sync.OnceValues(func() (string, error) {
	dir, err := testdir.Make("systrap-test-")
	if err != nil {
		return "", err
	}
	pack := exec.Command("go", "run", "./internal/library/pack", dir)
	pack.Dir = "../.."
	if out, err := pack.CombinedOutput(); err != nil {
		return dir, errors.New(string(out))
	}
	cmd := exec.Command("go", "build", "-overlay", dir+"/overlay.json", "-ldflags=-E main.start", "-o", dir+"/systrap", ".")
	// As the Makefile builds it: pthread_create(3) maps a stack, which the limit of
	// address space that is given back for the command may not allow.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return dir, errors.New(string(out))
	}
	if err := os.Symlink("systrap", dir+"/strace"); err != nil {
		return dir, err
	}
	_, err = freestanding.Build(freestanding.Options{Package: "libsystrap/bench/noop", Output: dir + "/" + libraryName})
	return dir, err
})

func installed(t *testing.T) string {
	dir, err := install()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestMain removes what install made.
func TestMain(m *testing.M) {
	syscall.Umask(0o022) // another user is to read what install makes
	status := m.Run()
	if dir, _ := install(); dir != "" {
		os.RemoveAll(dir)
	}
	os.Exit(status)
}

// outcome is what a command line did.
type outcome struct {
	stdout, stderr string
	status         int
	pid            int
	trapped        []int // calls trapped in each process image, by the report
}

// runInstalled runs a program, systrap and strace being the installed ones, with
// a report. env are
// variables besides PATH.
func runInstalled(t *testing.T, env []string, name string, args ...string) outcome {
	t.Helper()
	dir := installed(t)
	report := filepath.Join(t.TempDir(), "report")
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	if name == "systrap" || name == "strace" {
		name = filepath.Join(dir, name)
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "SYSTRAP_REPORT=" + report}, env...)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	o := outcome{stdout: stdout.String(), stderr: stderr.String(), status: cmd.ProcessState.ExitCode(), pid: cmd.Process.Pid}
	lines, _ := os.ReadFile(report)
	for _, line := range strings.Split(strings.TrimSpace(string(lines)), "\n") {
		var r trapReport
		if line != "" {
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatalf("report %q: %v", line, err)
			}
			o.trapped = append(o.trapped, r.Trapped)
		}
	}
	return o
}

// TestTraceBecomesCommand checks that the command is traced, with its own status and output: as a child, or with
// --preload in the same process.
func TestTraceBecomesCommand(t *testing.T) {
	for _, args := range [][]string{
		{"systrap", "trace", "--preload", "--", "sh", "-c", "echo $$; exit 7"},
		{"systrap", "trace", "--preload", "sh", "-c", "echo $$; exit 7"},
		{"strace", "--preload", "sh", "-c", "echo $$; exit 7"},
		{"systrap", "trace", "--", "sh", "-c", "echo $$; exit 7"},
		{"strace", "sh", "-c", "echo $$; exit 7"},
	} {
		o := runInstalled(t, nil, args[0], args[1:]...)
		var pid int
		inPlace := slices.Contains(args, "--preload")
		if err := json.Unmarshal([]byte(o.stdout), &pid); err != nil || (pid == o.pid) != inPlace || o.status != 7 || o.stderr != "" {
			t.Errorf("%q: pid %d, %+v", args, o.pid, o)
		}
		if len(o.trapped) != 1 || o.trapped[0] < 10 {
			t.Errorf("%q: trapped %v", args, o.trapped)
		}
	}
}

// TestTraceEnvironment checks what arrives in the program.
func TestTraceEnvironment(t *testing.T) {
	o := runInstalled(t, []string{"A=1", "B=2", "LD_PRELOAD="}, "systrap", "trace",
		"-E", "A", "-E", "C=it is", "-o", "out file", "-e", "trace=read", "--", "env")
	for _, want := range []string{"\nB=2\n", "\nC=it is\n", "\nLD_PRELOAD=\n"} {
		if !strings.Contains("\n"+o.stdout, want) {
			t.Errorf("no %q in\n%s%s", want, o.stdout, o.stderr)
		}
	}
	for _, gone := range []string{"\nA=", "\nSYSTRAP_OPTIONS=", "\nSYSTRAP_STATE="} {
		if strings.Contains("\n"+o.stdout, gone) {
			t.Errorf("%q is there:\n%s", gone, o.stdout)
		}
	}
}

// TestTraceLeavesProcessAsItWas compares what a program inherits with and
// without the command: the Go runtime must have left no traces.
func TestTraceLeavesProcessAsItWas(t *testing.T) {
	const script = "ulimit -Sn 200; trap '' QUIT USR2; exec $0 sh -c 'ulimit -Sn; grep -E ^Sig\\(Blk\\|Ign\\) /proc/self/status; ls /proc/self/fd | wc -l'"
	native := runInstalled(t, nil, "sh", "-c", script, "env")
	for _, words := range []string{"", "-f"} { // without and with a parent that waits
		traced := runInstalled(t, nil, "sh", "-c", strings.Replace(script, "$0", "$0 "+words, 1), installed(t)+"/strace")
		if len(traced.trapped) == 0 || traced.status != 0 || !strings.HasPrefix(traced.stdout, "200\n") {
			t.Fatalf("traced: %+v", traced)
		}
		if traced.stdout != native.stdout {
			t.Errorf("traced %s\nnative %s", traced.stdout, native.stdout)
		}
	}
}

// TestTraceErrors checks that each mistake is one line (and the hint where
// strace has it), with status 1, and that nothing runs.
func TestTraceErrors(t *testing.T) {
	dir := t.TempDir()
	notOurs := filepath.Join(dir, "x.so")
	if err := os.WriteFile(notOurs, program(t), 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		env  []string
		args []string
		want string
	}{
		{nil, []string{"strace"}, "strace: must have PROG [ARGS] or -p PID\nTry 'strace -h' for more information.\n"},
		{nil, []string{"systrap", "trace", "--"}, "systrap trace: must have PROG [ARGS] or -p PID\nTry 'systrap trace -h' for more information.\n"},
		{nil, []string{"strace", "-e", "trace=nothing", "true"}, "strace: invalid system call 'nothing'\n"},
		{nil, []string{"strace", "-s", "x", "true"}, "strace: invalid -s argument: 'x'\nTry 'strace -h' for more information.\n"},
		{nil, []string{"strace", "-o", "/none/x", "true"}, "strace: Can't fopen '/none/x': No such file or directory\n"},
		{nil, []string{"strace", "-ff", "-o", strings.Repeat("x", 4090), "true"}, "strace: " + strings.Repeat("x", 4090) + ": File name too long\n"},
		{nil, []string{"strace", "-p", "1", "-u", "root"}, "strace: -u/--username is for a command, and there is none\nTry 'strace -h' for more information.\n"},
		{nil, []string{"strace", "-p", "1", "-t", "--timestamps"}, "strace: -t and --absolute-timestamps cannot be provided simultaneously\n"},
		{nil, []string{"strace", "-w", "true"}, "strace: -w/--summary-wall-clock must be given with (-c/--summary-only or -C/--summary)\nTry 'strace -h' for more information.\n"},
		{nil, []string{"strace", "no-such-command"}, "strace: Can't stat 'no-such-command': No such file or directory\n"},
		{nil, []string{"strace", "-u", "no-such-user", "true"}, "strace: Cannot find user 'no-such-user'\n"},
		{nil, []string{"strace", "-e", "trace=none", dir}, "strace: exec: Permission denied\n+++ exited with 1 +++\n"},
		{[]string{"SYSTRAP_LIB=/none.so"}, []string{"strace", "true"}, "strace: /none.so: no such library (SYSTRAP_LIB)\n"},
		{[]string{"SYSTRAP_LIB=" + notOurs}, []string{"strace", "true"}, "strace: " + notOurs + ": not a library that `systrap build` made\n"},
		{[]string{"SYSTRAP_LIB=/a b.so"}, []string{"strace", "true"}, "strace: /a b.so: LD_PRELOAD cannot name a path with a space or colon: move the library\n"},
		{[]string{"SYSTRAP_LIB=/etc/passwd"}, []string{"strace", "true"}, "strace: /etc/passwd: not a library: bad magic number '[114 111 111 116]' in record at byte 0x0\n"},
	}
	for _, test := range tests {
		if slices.Contains(test.args, "-u") && os.Geteuid() != 0 {
			continue // another mistake
		}
		o := runInstalled(t, test.env, test.args[0], test.args[1:]...)
		// strace's messages begin with the name as it was called by.
		if strings.ReplaceAll(o.stderr, installed(t)+"/strace", "strace") != test.want || o.status != exitFail || len(o.trapped) != 0 {
			t.Errorf("%q: %+v", test.args, o)
		}
	}
}

// TestTraceLibraryOutOfReach: ld.so's ERROR, and a command without a trace, were all that was to be seen.
func TestTraceLibraryOutOfReach(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to become another user and to mount")
	}
	strace := installed(t) + "/strace"
	dir := t.TempDir()
	for _, c := range []struct{ script, want string }{
		{"mkdir -m 700 $D/x; cp $L $D/x/lib.so; SYSTRAP_LIB=$D/x/lib.so $S -u nobody true",
			dir + "/x/lib.so: the command's user cannot read the library: Permission denied\n"},
		{"mkdir $D/y; unshare -m sh -c 'mount -t tmpfs -o noexec none $D/y || exit 77; cp $L $D/y/lib.so; SYSTRAP_LIB=$D/y/lib.so $S true'",
			dir + "/y/lib.so: on a file system that is mounted noexec, ld.so cannot load the library: move it\n"},
	} {
		o := runInstalled(t, []string{"D=" + dir, "S=" + strace, "L=" + installed(t) + "/" + libraryName}, "sh", "-c", c.script)
		if o.status == 77 || strings.Contains(o.stderr, "unshare") {
			t.Log("cannot mount here")
			continue
		}
		if strings.TrimPrefix(o.stderr, strace+": ") != c.want || o.status != exitFail {
			t.Errorf("%s: %+v", c.script, o)
		}
	}
}

// TestTraceWithoutProc: the library beside the command was found by /proc only.
func TestTraceWithoutProc(t *testing.T) {
	strace := installed(t) + "/strace"
	for _, options := range []string{"", "-f"} {
		o := runInstalled(t, nil, "unshare", "-m", "sh", "-c", "umount -l /proc || exit 77; "+strace+" "+options+" -o /dev/null sh -c 'echo hi; kill -SEGV $$'")
		if o.status == 77 || strings.Contains(o.stderr, "unshare") {
			t.Skip("cannot unmount /proc here")
		}
		if o.stdout != "hi\n" || strings.Contains(o.stderr, "goroutine") || strings.Contains(o.stderr, "no "+libraryName) {
			t.Errorf("%q: %+v", options, o)
		}
	}
}

func TestTraceUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to become another user")
	}
	// nobody must be able to read the library.
	if err := os.Chmod(installed(t), 0o755); err != nil {
		t.Fatal(err)
	}
	o := runInstalled(t, []string{"SYSTRAP_REPORT="}, "strace", "-u", "nobody", "id", "-un")
	if o.stdout != "nobody\n" || o.stderr != "" {
		t.Errorf("%+v", o)
	}
}

// TestTraceClosedDescriptors: the Go runtime opened /dev/null for standard
// descriptors that were closed, and the command had them open.
func TestTraceClosedDescriptors(t *testing.T) {
	for _, options := range []string{"--preload", "", "-f"} { // executed in place, and as a child
		o := runInstalled(t, nil, "sh", "-c", fmt.Sprintf(
			`exec 0<&-; exec %s/strace %s -o /dev/null -e trace=none sh -c 'test -e /proc/self/fd/0 || echo closed'`, installed(t), options))
		if o.stdout != "closed\n" {
			t.Errorf("%q: %+v", options, o)
		}
	}
}

// TestTraceLeavesStandard: who is at the other end of the command's input and output sees that it has closed them (strace's test redirect).
func TestTraceLeavesStandard(t *testing.T) {
	for _, options := range []string{"--preload", "", "-f"} {
		end := filepath.Join(t.TempDir(), "end")
		if err := syscall.Mkfifo(end, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sh", "-c", fmt.Sprintf(`exec %s/strace %s -o /dev/null -e trace=none sh -c 'exec 0<&- 1>&-; read x < %s'`, installed(t), options, end))
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// The command waits for its end to be written, and so has not ended.
		seen := make(chan error, 1)
		go func() {
			_, err := io.Copy(io.Discard, out)
			for err == nil {
				if _, err = in.Write([]byte{0}); err == nil {
					time.Sleep(time.Millisecond)
				}
			}
			seen <- err
		}()
		select {
		case err := <-seen:
			if !errors.Is(err, syscall.EPIPE) {
				t.Errorf("%q: %v", options, err)
			}
		case <-time.After(3 * time.Minute):
			t.Errorf("%q: its input or its output is open still", options)
		}
		f, err := os.OpenFile(end, os.O_RDWR, 0) // does not wait for a reader
		if err == nil {
			defer f.Close()
			_, err = f.WriteString("\n")
		}
		if err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%q: %v", options, err)
		}
	}
}

// TestTracePendingSignal: a signal that waited, blocked, killed systrap trace as
// the Go runtime started; in place, the command must have it.
func TestTracePendingSignal(t *testing.T) {
	const start = `use POSIX; sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGHUP)); kill HUP => $$; exec @ARGV`
	perl, err := exec.LookPath("perl")
	if err != nil {
		t.Skip(err)
	}
	for options, pending := range map[string]string{"--preload": "1", "-a1": "0", "-f": "0"} {
		o := runInstalled(t, nil, perl, "-e", start, installed(t)+"/strace", options, "-o", "/dev/null", "-e", "trace=none",
			"grep", "-E", "^Sig(Pnd|Blk)", "/proc/self/status")
		if want := "SigPnd:\t000000000000000" + pending + "\nSigBlk:\t0000000000000001\n"; o.stdout != want {
			t.Errorf("%q: %+v", options, o)
		}
	}
}

// TestTraceWithoutName: a start without argv[0] printed the usage of systrap.
func TestTraceWithoutName(t *testing.T) {
	errs, err := os.Create(t.TempDir() + "/err")
	if err != nil {
		t.Fatal(err)
	}
	pid, err := syscall.ForkExec(installed(t)+"/strace", nil, &syscall.ProcAttr{Env: []string{}, Files: []uintptr{0, 1, errs.Fd()}})
	if err != nil {
		t.Fatal(err)
	}
	var ws syscall.WaitStatus
	syscall.Wait4(pid, &ws, 0, nil)
	got, err := os.ReadFile(errs.Name())
	if want := "strace: must have PROG [ARGS] or -p PID\nTry 'strace -h' for more information.\n"; string(got) != want || ws.ExitStatus() != exitFail {
		t.Errorf("%v, status %d: %q", err, ws.ExitStatus(), got)
	}
}

// TestTraceNotExecuted is a command that the kernel does not execute: its line was
// missing.
func TestTraceNotExecuted(t *testing.T) {
	dir := t.TempDir()
	text, log := filepath.Join(dir, "text"), filepath.Join(dir, "log")
	if err := os.WriteFile(text, []byte("no program"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, options := range []string{"-a1", "-f"} {
		o := runInstalled(t, nil, "strace", options, "-s", "4096", "-o", log, "-E", "A=1", text)
		got, _ := os.ReadFile(log)
		want := fmt.Sprintf(`^(\d+ +)?execve\("%s", \["%s"\], 0x[0-9a-f]+ /\* 3 vars \*/\) = -1 ENOEXEC \(Exec format error\)
(\d+ +)?\+\+\+ exited with 1 \+\+\+
$`, text, text)
		if !regexp.MustCompile(want).Match(got) || !strings.HasSuffix(o.stderr, "/strace: exec: Exec format error\n") || o.status != exitFail {
			t.Errorf("%s: %+v, %q", options, o, got)
		}
	}
}

// TestTraceLittleMemory: the runtime printed the stacks of its goroutines where ulimit -v does not leave what it reserves,
// and died of SIGSEGV where ulimit -d does not.
func TestTraceLittleMemory(t *testing.T) {
	for letter, want := range map[string]struct{ kilobytes, said string }{"v": {"300000", tooLittle}, "d": {"50000", tooLittleData}} {
		t.Run(letter, func(t *testing.T) { testLittleMemory(t, letter, want.kilobytes, want.said) })
	}
}

func testLittleMemory(t *testing.T, letter, kilobytes, said string) {
	strace := installed(t) + "/strace"
	for _, options := range []string{"", "-f"} {
		// The soft limit can be raised for the command line; the command has it.
		limit, show := "ulimit -S"+letter+" "+kilobytes+"; exec ", "sh -c 'ulimit -S"+letter+"; ulimit -H"+letter+"'"
		native := runInstalled(t, nil, "sh", "-c", limit+show)
		o := runInstalled(t, nil, "sh", "-c", limit+strace+" "+options+" -o /dev/null "+show)
		if o.stdout != native.stdout || !strings.HasPrefix(o.stdout, kilobytes+"\n") || o.stderr != "" || o.status != 0 || len(o.trapped) == 0 {
			t.Errorf("%q: %+v", options, o)
		}
	}
	// The hard one cannot, but by who may.
	words := []string{"sh", "-c", "ulimit -" + letter + " " + kilobytes + "; exec " + strace + " true"}
	if os.Geteuid() == 0 {
		if _, err := exec.LookPath("setpriv"); err != nil {
			t.Skip(err)
		}
		words = append([]string{"setpriv", "--bounding-set=-sys_resource", "--inh-caps=-sys_resource"}, words...)
	}
	o := runInstalled(t, nil, words[0], words[1:]...)
	if o.stdout != "" || o.stderr != said || o.status != exitFail {
		t.Errorf("%+v", o)
	}
}
