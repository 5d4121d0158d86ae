package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"libsystrap/internal/freestanding"
)

// runBuild implements systrap build. The library is written before the golden file is looked at, so
// that both can be inspected when they differ.
func runBuild(args []string) int {
	flags := flag.NewFlagSet("systrap build", flag.ContinueOnError)
	output := flags.String("o", "", "`file` to write (default: the package's name with .so)")
	golden := flags.String("golden", "", "compare stack and registers with this `file`")
	update := flags.Bool("update", false, "write the golden file instead")
	pkg, status := oneArgument(flags, args, "./pkg")
	if pkg == "" {
		return status
	}
	if *update && *golden == "" {
		fmt.Fprintln(os.Stderr, "systrap build: -update needs -golden FILE")
		return exitUsage
	}
	if *output == "" {
		abs, err := filepath.Abs(pkg)
		if err != nil {
			return fail(err)
		}
		*output = filepath.Base(abs) + ".so"
	}
	report, err := freestanding.Build(freestanding.Options{Package: pkg, Output: *output})
	if err != nil {
		return fail(err)
	}
	fmt.Print(report)
	if *update {
		if err := report.WriteGolden(*golden); err != nil {
			return fail(err)
		}
		return exitOK
	}
	return checkGolden(report, *golden)
}

// checkGolden compares the report with the golden file, if one is named.
func checkGolden(report *freestanding.Report, golden string) int {
	if golden == "" {
		return exitOK
	}
	if err := report.CompareGolden(golden); err != nil {
		return fail(err)
	}
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
