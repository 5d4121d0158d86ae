package main

import (
	"bytes"
	"debug/elf"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const hookLibcUsage = `usage: systrap hook-libc HOOK.so [-o libc-hook.so] [--libc FILE]

Writes a copy of the C library that has the function hook of HOOK.so called before each system call of the program that
it is loaded into:

  cc -shared -fPIC hook.c -o hook.so
  systrap hook-libc hook.so
  LD_PRELOAD=$PWD/libc-hook.so ls

The function is E9Syscall's; if it returns 0 the call is not made and has *result, else it is made:

  int hook(int number, intptr_t arg1, intptr_t arg2, intptr_t arg3,
           intptr_t arg4, intptr_t arg5, intptr_t arg6, intptr_t *result);

The copy has HOOK.so's absolute path, and loads it from there when the program starts: the hook may be compiled anew, but
not moved. With another version of the C library installed, make the copy again. hook-libc(7) has more.

`

// hookTool is the file name of what is put into the copy.
const hookTool = "hook-libc.so"

// runHookLibc implements systrap hook-libc.
func runHookLibc(args []string) int {
	flags := flag.NewFlagSet("systrap hook-libc", flag.ContinueOnError)
	output := flags.String("o", "libc-hook.so", "the `file` to write")
	libc := flags.String("libc", "", "the `file` to copy (default: the system's libc.so.6)")
	tool := flags.String("tool", "", "what is put into it, a `file` (default: "+hookTool+" beside systrap)")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), hookLibcUsage)
		flags.PrintDefaults()
	}
	path, status := oneArgument(flags, args, "HOOK.so")
	if path == "" {
		return status
	}
	if err := hookLibc(path, *output, *libc, *tool); err != nil {
		return rewriteFailed("hook-libc", err)
	}
	return exitOK
}

// hookLibc makes the file at output of the C library at libc, for the hook library at path.
func hookLibc(path, output, libc, tool string) error {
	hook, err := usableHook(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if libc == "" {
		if libc = findLibc(); libc == "" {
			return fmt.Errorf("no libc.so.6 in %s: --libc FILE says where it is", strings.Join(libcFolders, ", "))
		}
	} else if err := isLibc(libc); err != nil {
		return fmt.Errorf("--libc %s: %w", libc, err)
	}
	if tool == "" {
		tool, err = toolBeside(hookTool)
	} else {
		tool, err = usableLibrary(tool)
	}
	if err != nil {
		return err
	}
	for _, same := range []string{hook, tool} {
		a, err := os.Stat(same)
		if b, e := os.Stat(output); err == nil && e == nil && os.SameFile(a, b) {
			return fmt.Errorf("-o %s: is %s itself", output, same)
		}
	}
	r, err := rewriteFile(libc, output, tool, hook)
	if err != nil {
		return err
	}
	fmt.Printf("%s: a copy of %s with %d system calls replaced, %d of them with a jump; it loads %s\n", output, libc, r.Sites, r.Jumps, hook)
	return nil
}

// usableHook returns the absolute path of a hook library.
func usableHook(path string) (string, error) {
	data, err := readELF(path)
	if err != nil {
		if strings.HasSuffix(path, ".c") {
			return "", fmt.Errorf("a source: compile it (cc -shared -fPIC %s -o %s.so)", path, strings.TrimSuffix(path, ".c"))
		}
		return "", err
	}
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	symbols, err := f.DynamicSymbols()
	flags, _ := f.DynValue(elf.DT_FLAGS_1)
	if f.Type != elf.ET_DYN || err != nil || len(flags) > 0 && elf.DynFlag1(flags[0])&elf.DF_1_PIE != 0 {
		return "", errors.New("no shared library (cc -shared -fPIC makes one)")
	}
	has := false
	for _, s := range symbols {
		kind, defined := elf.ST_TYPE(s.Info), s.Section != elf.SHN_UNDEF
		switch {
		case s.Name == "hook" && defined && (kind == elf.STT_FUNC || kind == elf.STT_GNU_IFUNC):
			has = true
		case s.Name == "__hook_init" && defined:
			err = errors.New("has no function hook, but zpoline's __hook_init: LIBZPHOOK names it, with libzpoline.so")
		case s.Name == "intercept_hook_point":
			err = errors.New("has no function hook, but libsyscall_intercept's variable: that library is to be loaded with it")
		}
	}
	if !has {
		if err == nil {
			err = errors.New(`has no function hook (in C++ it is extern "C")`)
		}
		return "", err
	}
	return filepath.Abs(path)
}

// libcFolders are where distributions have the C library.
var libcFolders = []string{"/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib"}

// findLibc returns the path of the system's C library, or "".
func findLibc() string {
	for _, dir := range libcFolders {
		if path := filepath.Join(dir, "libc.so.6"); isLibc(path) == nil {
			return path
		}
	}
	return ""
}

// isLibc says what a file lacks for a C library that a program can have in the place of its own.
func isLibc(path string) error {
	data, err := readELF(path)
	if err != nil {
		return err
	}
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return err
	}
	name, err := f.DynString(elf.DT_SONAME)
	if err != nil || len(name) == 0 || name[0] != "libc.so.6" {
		return errors.New("is not glibc's libc.so.6: no program would have it in that one's place")
	}
	return nil
}
