package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// spec is a command and what is to be expected of its two runs.
type spec struct {
	name string
	args []string
	env  []string // added to the fixed environment
	// setup fills the fresh directory the command runs in.
	setup func(dir string) error
	stdin string
	// exes are base names of executables that the report must mention.
	exes []string
	// counters are what the report must show, added up over all processes.
	counters []counter
	// ownLines are regular expressions of whole lines of standard error that
	// come from us, as the tool silent says them: they are taken out of the
	// trapped run, where each must match at least one line.
	ownLines []string
	// trace makes the trapped run that of trace-syscalls, with options that make
	// it do all it can.
	trace bool
	// launched makes the trapped run one under systrap trace -f, without LD_PRELOAD.
	launched bool
	// injected has it put the library into the program before its first instruction.
	injected bool
	// rewritten has the trapped run be one of the program after systrap rewrite, with lib in it and at its path.
	rewritten bool
	// normalise changes both outputs before they are compared: for what differs
	// between two native runs.
	normalise func(string) string
	// status is what the native run must end with; "" is "exit 0". A fixture
	// that fails natively proves nothing.
	status string
	// patience bounds each run; by default it is much more than any takes on the
	// slowest machine, as it only ends what hangs.
	patience time.Duration
}

// counter is a number of SYSTRAP_REPORT, a.b for member b of object a, and the
// least it must be.
type counter struct {
	name  string
	least int
}

// outcome is what a run left.
type outcome struct {
	stdout, stderr string
	status         string
	files          map[string]string
	hung           string // a description of the processes at the time-out
	leftovers      []string
	elapsed        time.Duration
}

const defaultPatience = 4 * time.Minute

// execute runs s in dir, which is made afresh, with extra in the environment.
func execute(s *spec, dir, logs string, extra []string) (*outcome, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	for _, d := range []string{dir, logs} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return nil, err
		}
	}
	if s.setup != nil {
		if err := s.setup(dir); err != nil {
			return nil, fmt.Errorf("setup: %w", err)
		}
	}
	stdin := filepath.Join(logs, "stdin")
	if err := os.WriteFile(stdin, []byte(s.stdin), 0o644); err != nil {
		return nil, err
	}
	in, err := os.Open(stdin)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	// Files, not pipes: a daemon that keeps them open holds nobody up.
	out, err := os.Create(filepath.Join(logs, "stdout"))
	if err != nil {
		return nil, err
	}
	defer out.Close()
	errs, err := os.Create(filepath.Join(logs, "stderr"))
	if err != nil {
		return nil, err
	}
	defer errs.Close()

	cmd := exec.Command(s.args[0], s.args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(append(fixedEnv(dir), s.env...), extra...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, errs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	o := &outcome{}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if err := wait(cmd, s.patience, dir, o); err != nil {
		return nil, err
	}
	o.elapsed = time.Since(start)
	o.leftovers = endLeftovers(dir)
	o.stdout, o.stderr = readLog(out.Name()), readLog(errs.Name())
	o.files, err = snapshot(dir)
	return o, err
}

// fixedEnv is the environment of every run, so that nothing of the tester's
// own settings matters.
func fixedEnv(dir string) []string {
	return []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=" + dir, "LANG=C", "LC_ALL=C", "TZ=UTC", "TERM=dumb",
	}
}

// wait waits for cmd, kills its process group after the time-out and notes the
// status.
func wait(cmd *exec.Cmd, patience time.Duration, dir string, o *outcome) error {
	if patience == 0 {
		patience = defaultPatience
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	var err error
	select {
	case err = <-done:
	case <-time.After(patience):
		o.hung = describeProcesses(dir)
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		err = <-done
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	o.status = statusText(cmd.ProcessState.Sys().(syscall.WaitStatus))
	if o.hung != "" {
		o.status = "time-out"
	}
	return nil
}

func statusText(w syscall.WaitStatus) string {
	switch {
	case w.Exited():
		return fmt.Sprintf("exit %d", w.ExitStatus())
	case w.CoreDump():
		return fmt.Sprintf("signal %d (%v), core dumped", w.Signal(), w.Signal())
	default:
		return fmt.Sprintf("signal %d (%v)", w.Signal(), w.Signal())
	}
}

// readLog returns a file's contents; what is missing or too big is said in them.
func readLog(path string) string {
	const most = 64 << 20
	if st, err := os.Stat(path); err != nil || st.Size() > most {
		return fmt.Sprintf("(cannot show %s: %v)", path, err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
