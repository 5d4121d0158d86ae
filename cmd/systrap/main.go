// Command systrap builds and checks libraries that trap the system calls of a program.
//
//	systrap new [-name PATH] DIR
//	systrap new -update DIR
//	systrap build [-v] [-o tool.so] [-golden FILE [-update]] ./pkg...
//	systrap verify [-golden FILE] tool.so
//	systrap trace [OPTIONS] -- PROG [ARGS]
//	systrap foot [OPTIONS] [--foot=FORM | --html FILE] -- PROG [ARGS]
//	systrap run --tool tool.so [--only NAMES] [--preload] [-d] [--] PROG [ARGS]
//	systrap gdb [GDB'S OPTIONS] -- PROG [ARGS]
//	systrap lldb [LLDB'S OPTIONS] -- PROG [ARGS]
//	systrap rewrite FILE -o OUT [--tool tool.so]
//	systrap hook-libc HOOK.so [-o libc-hook.so] [--libc FILE]
//	systrap scan [-json | -figures] FILE...
//	systrap doctor [-lib tool.so]
//
// Called strace, it is systrap trace.
package main

import (
	"fmt"
	"os"
)

// commands are the subcommands. Each returns the exit status.
var commands = []struct {
	name, args, what string
	run              func(args []string) int
}{
	{"new", "[-name PATH | -update] DIR", "make a module with a tool in it, or have one that exists find the library", runNew},
	{"build", "[-v] [-o tool.so] [-golden FILE [-update]] ./pkg...", "compile a tool, or several, convert it to a library and verify it", runBuild},
	{"verify", "[-golden FILE] tool.so", "verify a finished library", runVerify},
	{"trace", "[OPTIONS] [--] PROG [ARGS]", "run a program with its system calls traced; options as strace's", runTrace},
	{"foot", "[OPTIONS] [--foot=FORM | --html FILE] [--] PROG [ARGS]", "trace, with the memory that each call reads and writes", runFoot},
	{"run", "--tool TOOL.so [--only NAMES] [--preload] [-d] [--] PROG [ARGS]", "run a program with a tool in it", runRun},
	{"gdb", "[GDB'S OPTIONS] -- PROG [ARGS]", "debug a program that is traced", runGdb},
	{"lldb", "[LLDB'S OPTIONS] -- PROG [ARGS]", "the same with lldb", runLldb},
	{"rewrite", "FILE -o OUT [--tool TOOL.so]", "make a program or a library that has the tool in it", runRewrite},
	{"hook-libc", "HOOK.so [-o libc-hook.so] [--libc FILE]", "make a copy of the C library that has a hook in C called at each call", runHookLibc},
	{"scan", "[-json | -figures] FILE...", "list the system call instructions of ELF files", runScan},
	{"doctor", "[-lib tool.so]", "say what on this machine helps or hinders", runDoctor},
}

// Exit statuses.
const (
	exitOK    = 0
	exitFail  = 1
	exitUsage = 2
)

func main() {
	if len(os.Args) == 0 {
		os.Args = []string{""} // Linux before 5.18 starts a program so
	}
	if calledAsStrace(os.Args[0]) {
		os.Exit(runTrace(os.Args[1:]))
	}
	if len(os.Args) < 2 {
		usage(os.Stderr)
		os.Exit(exitUsage)
	}
	switch name := os.Args[1]; name {
	case "help", "-h", "-help", "--help":
		usage(os.Stdout)
		return
	default:
		for _, c := range commands {
			if c.name == name {
				os.Exit(c.run(os.Args[2:]))
			}
		}
		fmt.Fprintf(os.Stderr, "systrap: unknown command %q; see systrap help\n", name)
		os.Exit(exitUsage)
	}
}

func usage(out *os.File) {
	fmt.Fprintln(out, "usage: systrap COMMAND [ARGUMENTS]")
	for _, c := range commands {
		fmt.Fprintf(out, "\n  systrap %s %s\n      %s\n", c.name, c.args, c.what)
	}
}

// fail prints err as one message of the program and returns the exit status.
func fail(err error) int {
	fmt.Fprintln(os.Stderr, "systrap:", err)
	return exitFail
}
