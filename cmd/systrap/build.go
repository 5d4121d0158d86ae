package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"libsystrap/internal/freestanding"
)

// runBuild implements systrap build.
func runBuild(args []string) int {
	flags := flag.NewFlagSet("systrap build", flag.ContinueOnError)
	output := flags.String("o", "", "`file` to write (default: the package's name with .so)")
	golden := flags.String("golden", "", "compare the report with this `file`")
	update := flags.Bool("update", false, "write the golden file instead")
	pkg, status := oneArgument(flags, args, "./pkg")
	if pkg == "" {
		return status
	}
	if *output == "" {
		abs, err := filepath.Abs(pkg)
		if err != nil {
			return fail(err)
		}
		*output = filepath.Base(abs) + ".so"
	}
	report, err := freestanding.Build(freestanding.Options{Package: pkg, Output: *output})
	_, _ = golden, update
	if err != nil {
		return fail(err)
	}
	fmt.Print(report)
	return exitOK
}

// oneArgument parses flags that may stand before and after one argument and returns it, or "" and
// the exit status.
func oneArgument(flags *flag.FlagSet, args []string, what string) (string, int) {
	arg := ""
	for {
		if err := flags.Parse(args); err == flag.ErrHelp {
			return "", exitOK
		} else if err != nil {
			return "", exitUsage
		}
		if flags.NArg() == 0 {
			break
		}
		if arg != "" {
			fmt.Fprintf(os.Stderr, "%s: one argument %s, please\n", flags.Name(), what)
			return "", exitUsage
		}
		arg, args = flags.Arg(0), flags.Args()[1:]
	}
	if arg == "" {
		fmt.Fprintf(os.Stderr, "%s: %s is missing\n", flags.Name(), what)
		return "", exitUsage
	}
	return arg, exitOK
}
