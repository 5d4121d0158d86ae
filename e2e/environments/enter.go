package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

func itoa(n int) string { return strconv.Itoa(n) }

// enterAndExec enters the environment of that name, in the working directory, and
// executes a program. It returns only if that fails.
func enterAndExec(name string, args []string) error {
	runtime.LockOSThread() // what it enters is this thread's
	work, err := os.Getwd()
	if err != nil {
		return err
	}
	// The tool is for the program, not for this command or what goes before it.
	tool := strings.FieldsFunc(os.Getenv(toolVariables), func(r rune) bool { return r == '\n' })
	for _, e := range environments() {
		if e.name != name {
			continue
		}
		env := with(os.Environ(), append(e.env, "-"+toolVariables))
		if len(e.wrap) > 0 {
			args = append(append(append(e.wrap, "/usr/bin/env"), tool...), args...)
		} else {
			env = append(env, tool...)
		}
		path, err := exec.LookPath(args[0])
		if err != nil {
			return err
		}
		if e.enter != nil {
			if err := e.enter(work); err != nil {
				return fmt.Errorf("cannot be entered: %w", err)
			}
		}
		return &os.PathError{Op: "exec", Path: path, Err: syscall.Exec(path, args, env)}
	}
	return errors.New("no such environment")
}

// toolVariables is the variable with which this command is given the tool's.
const toolVariables = "ENVIRONMENTS_TOOL"

// with is env with changes: NAME=VALUE, or -NAME.
func with(env, changes []string) []string {
	gone := map[string]bool{"": true}
	var set []string
	for _, c := range changes {
		name, isGone := strings.CutPrefix(c, "-")
		name, _, _ = strings.Cut(name, "=")
		gone[name] = true
		if !isGone {
			set = append(set, c)
		}
	}
	var all []string
	for _, v := range env {
		if name, _, _ := strings.Cut(v, "="); !gone[name] {
			all = append(all, v)
		}
	}
	return append(all, set...)
}

func needRoot(what string) string {
	if os.Geteuid() != 0 {
		return "needs root " + what
	}
	return ""
}

func noUserNamespaces() string {
	cmd := exec.Command("/bin/true")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER}
	if err := cmd.Run(); err != nil {
		return "no user namespaces: " + err.Error()
	}
	return ""
}
