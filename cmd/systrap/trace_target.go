package main

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// findCommand finds name as execvp(3) would: in the directories of path unless
// it has a slash.
func findCommand(name, path string) (string, error) {
	if len(name) >= unix.PathMax {
		return "", errors.New("exec: File name too long")
	}
	if name == "" || strings.Contains(name, "/") {
		if _, err := os.Stat(name); err != nil {
			return "", fmt.Errorf("Can't stat '%s': %s", name, errnoText(errors.Unwrap(err)))
		}
		return name, nil
	}
	denied := ""
	for _, dir := range strings.Split(path, ":") {
		if dir == "" {
			dir = "."
		}
		p := dir + "/" + name
		st, err := os.Stat(p)
		if err != nil || !st.Mode().IsRegular() {
			continue
		}
		if unix.Access(p, unix.X_OK) == nil {
			return p, nil
		}
		denied = p
	}
	if denied != "" {
		return denied, nil // exec's own checks say why
	}
	return "", fmt.Errorf("Can't stat '%s': No such file or directory", name)
}

// refused is what execve(2) itself says of a file.
type refused struct {
	errno unix.Errno
	why   string
}

func (r refused) Error() string { return r.why }

func refuse(errno unix.Errno, format string, args ...any) error {
	return refused{errno, fmt.Sprintf(format, args...)}
}

// maxScripts is how many interpreters the kernel goes through (fs/exec.c,
// exec_binprm).
const maxScripts = 5

// checkTarget says why the file at path cannot be executed, or not with a
// library in it, which is injected or loaded by ld.so. It sees what the library itself sees in execve
// (internal/core/target.go).
func checkTarget(path string, id *identity, inject bool) error {
	for i := 0; i <= maxScripts; i++ {
		f, err := openTarget(path, id)
		if err != nil {
			return err
		}
		if f == nil {
			return nil
		}
		head := make([]byte, 256) // BINPRM_BUF_SIZE
		n, err := io.ReadFull(f, head)
		head = head[:n]
		if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
			f.Close()
			return fmt.Errorf("%s: %v", path, err)
		}
		if !bytes.HasPrefix(head, []byte("#!")) {
			err = checkELF(f, path, head, id, inject)
			f.Close()
			return err
		}
		f.Close()
		line, _, _ := bytes.Cut(head[2:], []byte("\n"))
		words := bytes.Fields(bytes.TrimRight(line, "\x00"))
		if len(words) == 0 {
			return refuse(unix.ENOEXEC, "%s: the script's first line names no interpreter", path)
		}
		path = string(words[0])
	}
	return refuse(unix.ELOOP, "%s: too many interpreters behind each other", path)
}

// openTarget opens a file that id may execute.
func openTarget(path string, id *identity) (*os.File, error) {
	st, err := os.Stat(path)
	if err != nil {
		errno, _ := errors.Unwrap(err).(unix.Errno)
		return nil, refuse(errno, "%s: %s", path, errnoText(errno))
	}
	switch {
	case st.IsDir():
		return nil, refuse(unix.EACCES, "%s: is a directory", path)
	case !st.Mode().IsRegular() || st.Mode()&0o111 == 0,
		!id.other && unix.Access(path, unix.X_OK) != nil:
		return nil, refuse(unix.EACCES, "%s: not executable (Permission denied)", path)
	}
	f, err := os.Open(path)
	if err != nil && !errors.Is(err, unix.EACCES) {
		return nil, fmt.Errorf("%s: %s", path, errnoText(errors.Unwrap(err)))
	}
	return f, nil // nil: an execute-only file can be run but not looked at
}

// checkELF judges the program itself.
func checkELF(f *os.File, path string, head []byte, id *identity, inject bool) error {
	if !bytes.HasPrefix(head, []byte(elf.ELFMAG)) {
		return refuse(unix.ENOEXEC, "%s: Exec format error (neither an ELF program nor a script with #!)", path)
	}
	if len(head) > elf.EI_CLASS && elf.Class(head[elf.EI_CLASS]) == elf.ELFCLASS32 {
		return fmt.Errorf("%s: a 32-bit program cannot be traced, only x86-64", path)
	}
	e, err := elf.NewFile(f)
	if err != nil {
		return fmt.Errorf("%s: malformed ELF file: %v", path, err)
	}
	if e.Machine != elf.EM_X86_64 {
		return fmt.Errorf("%s: a program for %v cannot be traced, only x86-64", path, e.Machine)
	}
	interp := ""
	for _, p := range e.Progs {
		if p.Type == elf.PT_INTERP && p.Filesz < 4096 {
			b := make([]byte, p.Filesz)
			if _, err := p.ReadAt(b, 0); err == nil {
				b, _, _ = bytes.Cut(b, []byte{0})
				interp = string(b)
			}
		}
	}
	switch {
	case interp == "" && (inject || isLoader(e)):
		return nil
	case interp == "":
		return fmt.Errorf("%s: statically linked, cannot be traced: no library can be loaded into it", path)
	}
	if _, err := os.Stat(interp); err != nil {
		return refuse(unix.ENOENT, "%s: its loader %s is missing", path, interp)
	}
	if who := id.raisedBy(f); who != "" {
		return fmt.Errorf("%s: %s, cannot be traced: its loader ignores LD_PRELOAD", path, who)
	}
	return nil
}

// isLoader says whether a file without a loader is one: the linker marks a program that
// runs anywhere, or leaves a place for a debugger.
func isLoader(f *elf.File) bool {
	if f.Type != elf.ET_DYN || f.SectionByType(elf.SHT_DYNAMIC) == nil {
		return false
	}
	flags, err := f.DynValue(elf.DT_FLAGS_1)
	for _, v := range flags {
		if elf.DynFlag1(v)&elf.DF_1_PIE != 0 {
			return false
		}
	}
	debug, _ := f.DynValue(elf.DT_DEBUG)
	return err == nil && len(debug) == 0
}
