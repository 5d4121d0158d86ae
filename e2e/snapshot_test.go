package e2e

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// snapshot describes every file below dir: type, mode and contents, by name.
func snapshot(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a daemon is just cleaning up
		}
		if err != nil {
			return err
		}
		st, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		} else if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if isCore(path, st) {
			// It holds what a process looked like, and core_pattern may put the
			// process id into its name: only that it is there can be compared.
			name = filepath.Join(filepath.Dir(name), "core")
			files[name] = "a core dump"
			return nil
		}
		files[name], err = describeFile(path, st)
		return err
	})
	return files, err
}

// isCore says whether a file is a core dump: an ELF file of type ET_CORE, or, if its
// process was not allowed to write one, an empty file of that name.
func isCore(path string, st os.FileInfo) bool {
	if !st.Mode().IsRegular() {
		return false
	}
	var head [18]byte
	f, err := os.Open(path)
	if err != nil {
		return strings.HasPrefix(filepath.Base(path), "core")
	}
	defer f.Close()
	n, _ := f.Read(head[:])
	return n == len(head) && string(head[:4]) == "\x7fELF" && head[16] == 4 || n == 0 && strings.HasPrefix(filepath.Base(path), "core")
}

func describeFile(path string, st os.FileInfo) (string, error) {
	text := st.Mode().String()
	switch {
	case st.Mode()&fs.ModeSymlink != 0:
		to, err := os.Readlink(path)
		return text + " -> " + to, err
	case st.Mode().IsRegular():
		b, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%s %d bytes %x", text, len(b), sha256.Sum256(b)), nil
	}
	return text, nil
}

// diffFiles returns what is not equal in two snapshots.
func diffFiles(native, trapped map[string]string) []string {
	var diffs []string
	for name, want := range native {
		switch got, ok := trapped[name]; {
		case !ok:
			diffs = append(diffs, fmt.Sprintf("file %s: missing, natively %s", name, want))
		case got != want:
			diffs = append(diffs, fmt.Sprintf("file %s: %s, natively %s", name, got, want))
		}
	}
	for name, got := range trapped {
		if _, ok := native[name]; !ok {
			diffs = append(diffs, fmt.Sprintf("file %s: %s, natively none", name, got))
		}
	}
	return diffs
}
