package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"libsystrap/debug"
)

// runGdb implements systrap gdb: gdb with the program traced, and with what it must know of the library. The
// library's options are those of $SYSTRAP_OPTIONS.
func runGdb(args []string) int { return runDebugger("gdb", debug.GDB, gdbArgs, args) }

// runLldb is the same for lldb.
func runLldb(args []string) int { return runDebugger("lldb", debug.LLDB, lldbArgs, args) }

// runDebugger executes a debugger with its own options, args up to --, and the program to debug behind. make
// gives the debugger's command line. With --script alone it prints the script, for the debugger to run.
func runDebugger(name, script string, make func(lib string, preload, own, program []string) ([]string, error), args []string) int {
	if len(args) == 1 && args[0] == "--script" {
		fmt.Print(script)
		return exitOK
	}
	own, program := args, []string(nil)
	if i := slices.Index(args, "--"); i >= 0 {
		own, program = args[:i], args[i+1:]
	}
	lib, err := findLibrary()
	if err != nil {
		return fail(err)
	}
	path, err := findCommand(name, os.Getenv("PATH"))
	if err != nil {
		return fail(fmt.Errorf("%s is not installed", name))
	}
	argv, err := make(lib, preloadFor(os.Environ(), lib), own, program)
	if err != nil {
		return fail(err)
	}
	return fail(execve(path, argv, os.Environ()))
}

// preloadFor is what the program's environment has more than env: the library, and the word that makes it take its
// own variables out again (internal/core/state.go).
func preloadFor(env []string, lib string) []string {
	hide := "NL"
	if old, ok := lookUpEnv(env, "LD_PRELOAD"); ok {
		hide = "NP"
		if old != "" {
			lib += ":" + old
		}
	}
	return []string{"LD_PRELOAD=" + lib, "SYSTRAP_STATE=-1,-1,-1,-1:" + hide}
}

// gdbArgs: the script runs before the program's file is read, and gdb may load it again for the library's sake,
// which does nothing then. The program is started by env(1), which gdb counts as one execve more: set environment
// would put the library into the shell, too.
func gdbArgs(lib string, preload, own, program []string) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(self, `"\`) {
		return nil, errors.New(self + ": a path that gdb cannot be told")
	}
	argv := []string{"gdb",
		"-iex", "add-auto-load-safe-path " + lib + "-gdb.py",
		"-iex", fmt.Sprintf(`python import subprocess; exec(subprocess.check_output(["%s", "gdb", "--script"]).decode())`, self),
		"-iex", "set exec-wrapper env " + shellWords(preload)}
	argv = append(argv, own...)
	if program != nil {
		argv = append(append(argv, "--args"), program...)
	}
	return argv, nil
}

// lldbArgs: lldb starts the program without a shell, so the variables are set as its. Its Python asks for a module, so the
// script is written to a file of its user's.
func lldbArgs(lib string, preload, own, program []string) ([]string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	dir = filepath.Join(dir, "systrap")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	script := filepath.Join(dir, "systrap_lldb.py")
	if old, err := os.ReadFile(script); err != nil || string(old) != debug.LLDB {
		if err := os.WriteFile(script, []byte(debug.LLDB), 0o600); err != nil {
			return nil, err
		}
	}
	argv := []string{"lldb"}
	if path := lldbPython(); path != "" {
		os.Setenv("PYTHONPATH", path)
		argv = append(argv, "-O", "settings append target.unset-env-vars PYTHONPATH")
	}
	argv = append(argv,
		"-O", "command script import "+script,
		"-O", "settings append target.env-vars "+shellWords(preload))
	argv = append(argv, own...)
	if program != nil {
		argv = append(append(argv, "--"), program...)
	}
	return argv, nil
}

// lldbPython is where lldb's Python module is, if lldb looks for it elsewhere, as Debian 12's does.
func lldbPython() string {
	if _, ok := os.LookupEnv("PYTHONPATH"); ok {
		return ""
	}
	out, err := exec.Command("lldb", "-P").Output()
	if err != nil {
		return ""
	}
	if _, err := os.Stat(filepath.Join(strings.TrimSpace(string(out)), "lldb")); err == nil {
		return ""
	}
	found, _ := filepath.Glob("/usr/lib/llvm-*/lib/python3*/*-packages/lldb")
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(found[len(found)-1])
}

// shellWords quotes words for a shell.
func shellWords(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
	}
	return strings.Join(quoted, " ")
}
