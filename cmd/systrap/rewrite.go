package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"libsystrap/internal/rewrite"
)

const rewriteUsage = `usage: systrap rewrite FILE -o OUT --tool TOOL.so

Writes OUT, which is FILE, a program or a shared library for x86-64, with the tool in it, and with traps or jumps in
the places of its system calls. OUT runs, or is loaded, like FILE, and the tool sees its calls:

  systrap rewrite /bin/busybox -o busybox --tool trace-syscalls.so && ./busybox ls
  systrap rewrite /lib/x86_64-linux-gnu/libc.so.6 -o libc-hook.so --tool trace-syscalls.so
  LD_PRELOAD=$PWD/libc-hook.so ls

`

// runRewrite implements systrap rewrite.
func runRewrite(args []string) int {
	flags := flag.NewFlagSet("systrap rewrite", flag.ContinueOnError)
	output := flags.String("o", "", "the `file` to write")
	toolFile := flags.String("tool", "", "the tool, a `file` that systrap build has made (default: trace-syscalls.so)")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), rewriteUsage)
		flags.PrintDefaults()
	}
	path, status := oneArgument(flags, args, "FILE")
	if path == "" {
		return status
	}
	if *output == "" {
		fmt.Fprintln(os.Stderr, "systrap rewrite: -o OUT is missing; see systrap rewrite -h")
		return exitUsage
	}
	lib, err := rewriteTool(*toolFile)
	if err != nil {
		return rewriteFailed("rewrite", err)
	}
	r, err := rewriteFile(path, *output, lib, "")
	if err != nil {
		return rewriteFailed("rewrite", err)
	}
	fmt.Printf("%s: a %s, %d system calls replaced, %d of them with a jump\n", *output, r.Kind, r.Sites, r.Jumps)
	return exitOK
}

// rewriteFailed says what a command could not do.
func rewriteFailed(command string, err error) int {
	fmt.Fprintf(os.Stderr, "systrap %s: %v\n", command, err)
	return exitFail
}

// rewriteTool is the absolute path of the tool to be appended.
func rewriteTool(path string) (string, error) {
	if path == "" {
		return findLibrary()
	}
	return usableLibrary(path)
}

// rewriteFile makes the file at output of that at path, with the tool in lib, which loads the hook library at hook if that is not
// empty.
func rewriteFile(path, output, lib, hook string) (*rewrite.Result, error) {
	data, err := readELF(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	st, err := os.Stat(path)
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	if st.Mode()&(os.ModeSetuid|os.ModeSetgid) != 0 {
		return nil, fmt.Errorf("%s: set-user-ID or set-group-ID: what it is trusted with would be the tool's", path)
	}
	if err := writable(output); err != nil {
		return nil, err
	}
	if out, err := os.Stat(output); err == nil && os.SameFile(st, out) {
		return nil, fmt.Errorf("-o %s: is the file itself", output)
	}
	tool, err := os.ReadFile(lib)
	if err != nil {
		return nil, err
	}
	r, err := rewrite.Rewrite(data, tool, lib, hook)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, writeSparse(output, r.Data, st.Mode().Perm()|0o100)
}

// writeSparse replaces the file at path by one with these bytes, in which pages of zeros take no room.
func writeSparse(path string, data []byte, mode os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".systrap-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	const page = 4096
	err = f.Truncate(int64(len(data)))
	for at := 0; at < len(data) && err == nil; at += page {
		b := data[at:min(at+page, len(data))]
		if !allZero(b) {
			_, err = f.WriteAt(b, int64(at))
		}
	}
	if err == nil {
		err = f.Chmod(mode)
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
