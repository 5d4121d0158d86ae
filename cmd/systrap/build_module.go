package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"libsystrap/internal/freestanding"
	"libsystrap/internal/library"
)

// buildTool builds a tool. Where that fails as the module does not find the library, the error is what
// to do about it; where it is only that this command's own sources in the user's cache are gone or changed,
// they are unpacked again.
func buildTool(o freestanding.Options) (*freestanding.Report, error) {
	report, err := freestanding.Build(o)
	var rejected *freestanding.Rejection
	if err == nil || errors.As(err, &rejected) || !strings.Contains(err.Error(), library.Own) && !strings.Contains(err.Error(), "go.mod") {
		return report, err
	}
	restored, reason := moduleProblem(o.Dir)
	switch {
	case reason != nil:
		return nil, reason
	case restored == "":
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "systrap build: the library's sources in %s were gone or changed: unpacked again\n", restored)
	return freestanding.Build(o)
}

// moduleProblem looks at how the module of dir (or the working directory's) finds the library. It returns
// where it had to unpack it, or what is wrong; neither if nothing is.
func moduleProblem(dir string) (restored string, reason error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", nil
	}
	root := moduleOf(abs)
	if root == "" {
		return "", fmt.Errorf("%s: no go.mod here or above, so no module that a tool could belong to; `systrap new DIR` makes one", abs)
	}
	file, advice := filepath.Join(root, "go.mod"), "`systrap new -update "+shellWord(root)+"`"
	mod, err := readModFile(root)
	if err != nil || mod.Module.Path == library.Own {
		return "", nil
	}
	there := mod.replacement(library.Own)
	if (!mod.requires(library.Own) || there == "") && workspace(root) == "" {
		return "", fmt.Errorf("%s does not say where libsystrap is: %s adds the lines", file, advice)
	}
	sources, err := library.Open()
	cache, noCache := library.Cache()
	if err == nil && noCache == nil && there == filepath.Join(sources.Dir(cache), library.Own) {
		lib, err := unpackLibrary()
		if err != nil {
			return "", err
		}
		if lib.written {
			restored = lib.dir
		}
		return restored, nil
	}
	if _, err := os.Stat(there); filepath.IsAbs(there) && err != nil {
		return "", fmt.Errorf("%s: libsystrap is not in %s any more: %s changes the lines to this systrap's", file, there, advice)
	}
	return "", nil
}

// saySourcesAreOthers tells that a module is built with the library that another systrap unpacked.
func saySourcesAreOthers(dir string) {
	sources, err := library.Open()
	cache, noCache := library.Cache()
	if err != nil || noCache != nil {
		return
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return
	}
	text, err := os.ReadFile(filepath.Join(moduleOf(abs), "go.mod"))
	if err != nil || !strings.Contains(string(text), cache+"/") || strings.Contains(string(text), sources.Dir(cache)+"/") {
		return
	}
	fmt.Fprintf(os.Stderr, "systrap build: the library is another systrap's, as go.mod says: `systrap new -update %s` changes that to this one's\n",
		shellWord(moduleOf(abs)))
}
