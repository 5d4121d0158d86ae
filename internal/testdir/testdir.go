// Package testdir finds a directory for tests that preload libraries.
package testdir

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Make makes a directory in which programs can be run and whose name LD_PRELOAD
// and shell scripts can hold: ld.so splits it at spaces and colons. It is in
// os.TempDir(), or else in /tmp, /var/tmp, /dev/shm or /run. TMPDIR is set to it,
// so that t.TempDir is there, too. The caller removes it. An error names all that
// was tried.
func Make(prefix string) (string, error) {
	var why []error
	for _, parent := range []string{os.TempDir(), "/tmp", "/var/tmp", "/dev/shm", "/run"} {
		dir, err := try(parent, prefix)
		if err == nil {
			return dir, os.Setenv("TMPDIR", dir)
		}
		why = append(why, err)
	}
	return "", fmt.Errorf("no directory to work in: %w", errors.Join(why...))
}

// try makes a directory in parent and runs a script there: it may be mounted noexec.
func try(parent, prefix string) (dir string, err error) {
	made, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(made)
		}
	}()
	if dir, err = filepath.EvalSymlinks(made); err != nil {
		return "", err
	}
	if strings.ContainsAny(dir, " :\t\n$`*?[\\'\"") {
		return "", fmt.Errorf("%s: LD_PRELOAD or a script could not name it", dir)
	}
	script := filepath.Join(dir, "script")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n"), 0o700); err != nil {
		return "", err
	}
	if err := exec.Command(script).Run(); err != nil {
		return "", err
	}
	return dir, os.Remove(script)
}
