package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// runRun implements systrap run: a command with a tool in it, as systrap trace has the tracer.
func runRun(args []string) int {
	traceName = "systrap run"
	r := &traceRequest{inject: true}
	tool := ""
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		word := args[0]
		args = args[1:]
		name, value, given := strings.Cut(strings.TrimLeft(word, "-"), "=")
		switch {
		case word == "--":
		case name == "tool" && !given && len(args) > 0:
			tool, args = args[0], args[1:]
		case name == "tool" && given:
			tool = value
		case name == "only" && !given && len(args) > 0:
			r.onlyGiven, args = args[0], args[1:]
		case name == "only" && given:
			r.onlyGiven = value
		case word == "-p" && len(args) > 0:
			pids, err := pidList(args[0])
			if err != nil {
				return runUsage(err)
			}
			r.pids, args = append(r.pids, pids...), args[1:]
		case word == "--preload":
			r.inject = false
		case word == "-d":
			r.debug = true
		default:
			return runUsage(fmt.Errorf("%s: no such option, or one that lacks its argument", word))
		}
		if word == "--" {
			break
		}
	}
	r.command = args
	switch {
	case tool == "":
		return runUsage(errors.New("which tool? --tool FILE"))
	case len(args) == 0 && len(r.pids) == 0:
		return runUsage(errors.New("which command?"))
	case len(args) != 0 && len(r.pids) != 0:
		return runUsage(errors.New("-p and a command are two things"))
	}
	status, err := r.runTool(tool)
	if err != nil {
		fmt.Fprintf(os.Stderr, "systrap run: %v\n", err)
		return exitFail
	}
	return status
}

func runUsage(err error) int {
	fmt.Fprintf(os.Stderr, "systrap run: %v\nusage: systrap run --tool TOOL.so [--only NAMES] [--preload] [-d] [--] PROG [ARGS]\n       systrap run --tool TOOL.so -p PID[,PID]\n", err)
	return exitUsage
}

// runTool runs the command with a tool, and returns its status.
func (r *traceRequest) runTool(tool string) (int, error) {
	lib, err := usableLibrary(tool)
	if err != nil {
		return 0, err
	}
	if len(r.pids) != 0 {
		out := &output{logFd: -1, countsFd: -1, aliveFd: -1, mapFd: -1, stays: true, silent: true}
		return out.attachAlone(r, lib, true, func(o *output, libFd int) []string {
			vars := append(r.onlyVars(), "LD_PRELOAD="+lib, "SYSTRAP_STATE="+traceState(o, libFd, "N"), "SYSTRAP_DISCOVER=only")
			for _, name := range [...]string{"SYSTRAP_OPTIONS", "SYSTRAP_REPORT"} {
				if v, ok := os.LookupEnv(name); ok {
					vars = append(vars, name+"="+v)
				}
			}
			return vars
		})
	}
	path, err := findCommand(r.command[0], os.Getenv("PATH"))
	if err != nil {
		return 0, err
	}
	id, err := lookUpIdentity("")
	if err != nil {
		return 0, err
	}
	r.chooseAside(path)
	if err := checkTarget(path, id, r.inject || r.aside); err != nil {
		return 0, err
	}
	if there := toolInPreload(os.Getenv("LD_PRELOAD")); there != "" {
		return 0, fmt.Errorf("%s (LD_PRELOAD) is a tool, and there can be one", there)
	}
	out := &output{logFd: -1, countsFd: -1, aliveFd: -1, mapFd: -1, stays: true, silent: true}
	s := &beginning{path: path, argv: r.command, lib: lib, env: r.preloadEnv(os.Environ(), lib), debug: r.debug}
	if r.inject {
		s.keep = true
		if err := s.open(lib); err != nil {
			return 0, err
		}
		s.plain = os.Environ()
		s.vars = append(r.onlyVars(), "LD_PRELOAD="+lib, "SYSTRAP_STATE="+traceState(out, s.libFd, "N"))
	}
	return out.supervise(s, true)
}

// preloadEnv is an environment with which ld.so loads the library, and whose other words are the caller's.
func (r *traceRequest) preloadEnv(env []string, lib string) []string {
	if old, ok := lookUpEnv(env, "LD_PRELOAD"); ok && old != "" {
		lib += ":" + old
	}
	if r.onlyGiven != "" {
		env = setEnv(env, envChange{name: onlyName, value: r.only})
	}
	return setEnv(env, envChange{name: "LD_PRELOAD", value: lib})
}
