package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"libsystrap/internal/freestanding"
)

// runBuild implements systrap build. The library is written before the golden file is looked at, so
// that both can be inspected when they differ.
func runBuild(args []string) int {
	flags := flag.NewFlagSet("systrap build", flag.ContinueOnError)
	output := flags.String("o", "", "`file` to write (default: the package's name with .so)")
	verbose := flags.Bool("v", false, "say how deep the stack is from each entry, and what registers are written")
	golden := flags.String("golden", "", "compare stack and registers with this `file`")
	update := flags.Bool("update", false, "write the golden file instead")
	pkgs, status := someArguments(flags, args, "./pkg", freestanding.MaxTools)
	if len(pkgs) == 0 {
		return status
	}
	if *update && *golden == "" {
		fmt.Fprintln(os.Stderr, "systrap build: -update needs -golden FILE")
		return exitUsage
	}
	for _, pkg := range pkgs {
		if !strings.HasPrefix(pkg, ".") && !filepath.IsAbs(pkg) || strings.Contains(pkg, "...") {
			continue
		}
		if _, err := os.Stat(pkg); err != nil {
			return fail(fmt.Errorf("%s: %s", pkg, errnoText(errors.Unwrap(err))))
		}
	}
	if *output == "" {
		var names []string
		for _, pkg := range pkgs {
			abs, err := filepath.Abs(pkg)
			if err != nil {
				return fail(err)
			}
			names = append(names, strings.TrimSuffix(filepath.Base(abs), ".go"))
		}
		*output = strings.Join(names, "-") + ".so"
	}
	if err := writable(*output); err != nil {
		return fail(err)
	}
	dir, pkgs := inModule(pkgs)
	report, err := buildTool(freestanding.Options{Dir: dir, Package: pkgs[0], More: pkgs[1:], Output: *output})
	if err != nil {
		return fail(err)
	}
	saySourcesAreOthers(dir)
	if *verbose {
		fmt.Print(report)
	} else {
		fmt.Println(report.Line())
	}
	if strings.ContainsAny(*output, " :\t\n") {
		fmt.Fprintf(os.Stderr, "systrap build: LD_PRELOAD cannot name a path with a space or colon: %q must be moved to be used\n", *output)
	}
	if *update {
		if err := report.WriteGolden(*golden); err != nil {
			return fail(err)
		}
		return exitOK
	}
	return checkGolden(report, *golden)
}

// inModule returns where the go command is to run, and the packages as it is to be given them there:
// in their own module, if they are folders of another one than the working directory's.
func inModule(pkgs []string) (string, []string) {
	here, err := filepath.Abs(".")
	if err != nil {
		return "", pkgs
	}
	module := ""
	var inside []string
	for _, pkg := range pkgs {
		abs, err := filepath.Abs(pkg)
		if st, statErr := os.Stat(abs); err != nil || statErr != nil || !st.IsDir() {
			return "", pkgs
		}
		root := moduleOf(abs)
		rel, err := filepath.Rel(root, abs)
		if root == "" || module != "" && root != module || err != nil {
			return "", pkgs
		}
		module = root
		inside = append(inside, "./"+rel)
	}
	if module == moduleOf(here) {
		return "", pkgs
	}
	return module, inside
}

// moduleOf returns the folder of the go.mod that a folder belongs to, or "".
func moduleOf(dir string) string {
	if file := upwards(dir, "go.mod"); file != "" {
		return filepath.Dir(file)
	}
	return ""
}

// upwards returns the file of a name in a folder or the nearest above it, or "".
func upwards(dir, name string) string {
	for {
		file := filepath.Join(dir, name)
		if st, err := os.Stat(file); err == nil && st.Mode().IsRegular() {
			return file
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// writable says why a file of that name cannot be made, before a build is made for it.
func writable(path string) error {
	dir := filepath.Dir(path)
	st, err := os.Stat(dir)
	switch {
	case err != nil:
		return fmt.Errorf("-o %s: %s: %s", path, dir, errnoText(errors.Unwrap(err)))
	case !st.IsDir():
		return fmt.Errorf("-o %s: %s is not a folder", path, dir)
	}
	if st, err := os.Stat(path); err == nil && st.IsDir() {
		return fmt.Errorf("-o %s: is a folder", path)
	}
	if err := unix.Access(dir, unix.W_OK); err != nil {
		return fmt.Errorf("-o %s: cannot write to %s: %s", path, dir, errnoText(err))
	}
	return nil
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
	list, status := someArguments(flags, args, what, 1)
	if len(list) == 0 {
		return "", status
	}
	return list[0], status
}

// someArguments is oneArgument for up to most arguments; flags may stand between them.
func someArguments(flags *flag.FlagSet, args []string, what string, most int) ([]string, int) {
	var list []string
	flags.SetOutput(io.Discard)
	for {
		if err := flags.Parse(args); err == flag.ErrHelp {
			flags.SetOutput(os.Stdout)
			flags.Usage()
			return nil, exitOK
		} else if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v; see %s -h\n", flags.Name(), err, flags.Name())
			return nil, exitUsage
		}
		if flags.NArg() == 0 {
			break
		}
		list, args = append(list, flags.Arg(0)), flags.Args()[1:]
	}
	switch {
	case len(list) == 0:
		fmt.Fprintf(os.Stderr, "%s: %s is missing\n", flags.Name(), what)
	case len(list) > most && most == 1:
		fmt.Fprintf(os.Stderr, "%s: one argument %s, please\n", flags.Name(), what)
	case len(list) > most:
		fmt.Fprintf(os.Stderr, "%s: %d arguments %s at most, please\n", flags.Name(), most, what)
	default:
		return list, exitOK
	}
	return nil, exitUsage
}
