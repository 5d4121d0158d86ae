package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// level says what a finding means for tracing on this machine.
type level int

const (
	levelOK   level = iota
	levelWarn       // works, with a limit or at a price
	levelFail       // programs cannot be traced
)

func (l level) String() string { return [...]string{"ok", "warn", "FAIL"}[l] }

// finding is the result of one check.
type finding struct {
	level  level
	text   string
	advice string // what to do; empty if there is nothing
}

func good(format string, args ...any) finding {
	return finding{levelOK, fmt.Sprintf(format, args...), ""}
}

func warn(advice, format string, args ...any) finding {
	return finding{levelWarn, fmt.Sprintf(format, args...), advice}
}

func bad(advice, format string, args ...any) finding {
	return finding{levelFail, fmt.Sprintf(format, args...), advice}
}

// machine is where the checks look; tests give it other folders.
type machine struct {
	proc, sys string
	lib       string // the library to try, "" for the tracer
}

// read returns a file's text without the newline at its end.
func (m *machine) read(path string) (string, error) {
	b, err := os.ReadFile(path)
	return strings.TrimRight(string(b), "\n"), err
}

// doctorChecks are in the order of printing: the kernel, the process, the
// library.
var doctorChecks = []struct {
	name string
	run  func(*machine) finding
}{
	{"kernel", checkKernel},
	{"/proc", checkProc},
	{"shadow stack", checkShadowStack},
	{"trap cost", checkTrapCost},
	{"user dispatch", checkUserDispatch},
	{"io_uring", checkIoUring},
	{"overcommit", checkOvercommit},
	{"page zero", checkPageZero},
	{"selinux", checkSELinux},
	{"ptrace_scope", checkPtraceScope},
	{"seccomp", checkSeccomp},
	{"own memory", checkOwnMemory},
	{"code writable", checkCodeWritable},
	{"open files", checkOpenFiles},
	{"core files", checkCoreFiles},
	{"environment", checkEnvironment},
	{"loader", checkLoader},
	{"library", checkLibraryFile},
	{"traps", checkTraps},
	{"gdb", checkGdb},
}

// runDoctor implements systrap doctor. Its status is 0 if programs can be
// traced.
func runDoctor(args []string) int {
	flags := flag.NewFlagSet("systrap doctor", flag.ContinueOnError)
	lib := flags.String("lib", "", "library to try (default: the one that systrap trace takes)")
	if err := flags.Parse(args); err == flag.ErrHelp {
		return exitOK
	} else if err != nil {
		return exitUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "systrap doctor: no arguments, please")
		return exitUsage
	}
	return diagnose(&machine{proc: "/proc", sys: "/sys", lib: *lib}, os.Stdout)
}

// diagnose runs all checks and prints what they found.
func diagnose(m *machine, w io.Writer) int {
	worst := levelOK
	for _, c := range doctorChecks {
		f := c.run(m)
		worst = max(worst, f.level)
		fmt.Fprintf(w, "%-5s %-14s %s\n", f.level, c.name, f.text)
		if f.advice != "" {
			fmt.Fprintf(w, "%-20s -> %s\n", "", f.advice)
		}
	}
	if worst == levelFail {
		fmt.Fprintln(w, "\nPrograms cannot be traced here until the lines marked FAIL are dealt with.")
		return exitFail
	}
	fmt.Fprintln(w, "\nPrograms can be traced here.")
	return exitOK
}
