package main

import (
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// row is a line of the report about the machine.
type row struct{ name, value string }

// describeMachine says when and on what this runs.
func describeMachine() []row {
	var u unix.Utsname
	unix.Uname(&u)
	rows := []row{
		{"date", time.Now().UTC().Format("2006-01-02 15:04 MST")},
		{"commit", commit()},
		{"processor", cpuInfo("model name") + ", " + strconv.Itoa(runtime.NumCPU()) + " cores"},
		{"kernel", unix.ByteSliceToString(u.Release[:])},
		{"features", strings.Join(features(), ", ")},
		{"Go", runtime.Version()},
		{"libc", firstLine("ldd", "--version")},
		{"user", "uid " + strconv.Itoa(os.Geteuid())},
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		rows = append(rows, row{"load at the beginning", strings.Join(strings.Fields(string(load))[:3], " ")})
	}
	return rows
}

// commit is what is checked out, and whether it is changed.
func commit() string {
	s := firstLine("git", "log", "-1", "--format=%h %s")
	if out, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no").Output(); err == nil && len(bytes.TrimSpace(out)) > 0 {
		s += " (with changes)"
	}
	return s
}

func cpuInfo(key string) string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// features are those of processor and kernel on which what we do depends, and "no X"
// for those that are missing.
func features() []string {
	flags := " " + cpuInfo("flags") + " "
	var all []string
	for _, f := range []string{"fsgsbase", "avx2", "avx512f", "pku", "hypervisor"} {
		if !strings.Contains(flags, " "+f+" ") {
			f = "no " + f
		}
		all = append(all, f)
	}
	const setUserDispatch = 59 // PR_SET_SYSCALL_USER_DISPATCH
	if unix.Prctl(setUserDispatch, 0, 0, 0, 0) == nil {
		return append(all, "Syscall User Dispatch")
	}
	return append(all, "no Syscall User Dispatch")
}

// firstLine is the first line of what a command prints.
func firstLine(name string, args ...string) string {
	out, err := exec.Command(name, args...).Output()
	if err != nil && len(out) == 0 {
		return "unknown: " + err.Error()
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return line
}
