package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"libsystrap/internal/library"
)

// runNew implements systrap new.
func runNew(args []string) int {
	flags := flag.NewFlagSet("systrap new", flag.ContinueOnError)
	name := flags.String("name", "", "the module's `path` (default: the folder's name)")
	update := flags.Bool("update", false, "have the go.mod of a module that exists lead to this systrap's library")
	dir, status := oneArgument(flags, args, "DIR")
	if dir == "" {
		return status
	}
	if *update {
		return updateModule(dir, *name)
	}
	m, errs := planModule(dir, *name)
	if len(errs) == 0 {
		var err error
		if m.lib, err = unpackLibrary(); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) == 0 {
		if err := m.write(); err != nil {
			errs = append(errs, err)
		}
	}
	for _, err := range errs {
		fail(err)
	}
	if len(errs) > 0 {
		return exitFail
	}
	m.sayWhatNext(dir)
	return exitOK
}

// newModule is a module that is to be made.
type newModule struct {
	dir     string // absolute
	path    string // the module's
	systrap string // the command, as a shell and a test of the module find it
	lib     *libraryInCache
}

// tool is the tool's name.
func (m *newModule) tool() string { return path.Base(m.path) }

// planModule looks at what is asked for and returns all that is wrong with it.
func planModule(dir, name string) (*newModule, []error) {
	var errs []error
	if _, err := library.Open(); err != nil {
		errs = append(errs, err)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, append(errs, err)
	}
	switch there, err := os.ReadDir(abs); {
	case err == nil && len(there) > 0 && (len(there) > 1 || there[0].Name() != ".git"):
		errs = append(errs, fmt.Errorf("%s: there is something in it; `systrap new -update %s` has a module that exists find the library", dir, dir))
	case err != nil && !errors.Is(err, os.ErrNotExist):
		errs = append(errs, fmt.Errorf("%s: %s", dir, errnoText(errors.Unwrap(err))))
	}
	from := "the folder's name"
	if name != "" {
		from = "-name"
	} else {
		name = filepath.Base(abs)
	}
	if err := checkModulePath(name); err != nil {
		errs = append(errs, fmt.Errorf("%s: %w", from, err))
	}
	return &newModule{dir: abs, path: name, systrap: ownPath()}, errs
}

// checkModulePath says what is wrong with a module's path (golang.org/ref/mod, Module paths and versions).
func checkModulePath(name string) error {
	elements := strings.Split(name, "/")
	for _, e := range elements {
		if e == "" || strings.HasPrefix(e, ".") || strings.HasSuffix(e, ".") || strings.HasPrefix(e, "-") || !onlyOf(e, "._~-") {
			return fmt.Errorf("%q cannot be a module's path: letters, digits, . _ ~ - and / between them; -name PATH gives another", name)
		}
	}
	if first := elements[0]; first == library.Own || first == "std" || first == "cmd" {
		return fmt.Errorf("%q is taken; -name PATH gives another", name)
	}
	return nil
}

// onlyOf says whether s has ASCII letters, digits and some others only.
func onlyOf(s, others string) bool {
	for _, c := range []byte(s) {
		letter, digit := c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9'
		if !letter && !digit && strings.IndexByte(others, c) < 0 {
			return false
		}
	}
	return true
}

// ownPath returns the file of this command, "systrap" if it is not known.
func ownPath() string {
	exe, err := os.Executable()
	if err != nil {
		return "systrap"
	}
	return exe
}

// sayWhatNext prints the commands that one would use now.
func (m *newModule) sayWhatNext(dir string) {
	command := "systrap"
	if found, err := lookUp("systrap"); err != nil || found != m.systrap {
		command = shellWord(m.systrap)
	}
	fmt.Printf("%s: a tool with its test, built with the library in %s\n\n", dir, m.lib.dir)
	if filepath.Clean(dir) != "." {
		fmt.Printf("\tcd %s\n", shellWord(dir))
	}
	if work := workspace(m.dir); work != "" {
		fmt.Printf("\tgo work use .    # as %s says which modules are looked at here\n", work)
	}
	fmt.Printf("\tgo test\n\t%s build -o %s.so . && LD_PRELOAD=$PWD/%s.so ls -l\n", command, m.tool(), m.tool())
}
