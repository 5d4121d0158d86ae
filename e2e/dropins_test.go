package e2e

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dropin is a library for hooks in C: how a hook is compiled for it, and has a program loaded with it.
type dropin struct {
	name, define string
	pkg, env     string
	// loaded is set if the hook library is loaded by ours (LIBZPHOOK), and not by LD_PRELOAD; made if that is in a copy of the C library, which
	// is what compile returns (systrap hook-libc).
	loaded, made bool
}

var dropins = []dropin{
	{"libsyscall_intercept", "INTERCEPT", "./cmd/libsyscall_intercept", "E2E_SYSCALL_INTERCEPT", false, false},
	{"libzpoline", "ZPOLINE", "./cmd/libzpoline", "E2E_ZPOLINE", true, false},
	{"libsystrap", "SYSTRAP", "./cmd/libsystrap", "E2E_SYSTRAP", false, false},
	{"hook-libc", "E9", "./cmd/hook-libc", "E2E_HOOK_LIBC", true, true},
}

// folder has the library by its name.
func (d *dropin) folder(t *testing.T) string {
	t.Helper()
	need(t, "gcc")
	lib, err := library(d.pkg, d.env)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{d.name + ".so", "silent.so"} { // it knows itself by the name it was built with
		if err := os.Symlink(lib, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// compile compiles a hook in the library's folder.
func (d *dropin) compile(t *testing.T, dir, source string, flags ...string) string {
	t.Helper()
	cc := compilerOf(source)
	for _, f := range flags {
		if f == "-xc++" {
			cc = "g++"
		}
	}
	need(t, cc)
	out := filepath.Join(dir, strings.TrimSuffix(filepath.Base(source), filepath.Ext(source))+".so")
	args := append([]string{"-O1", "-g", "-shared", "-fPIC", "-D_GNU_SOURCE", "-D" + d.define, "-I." + d.pkg, "-o", out}, flags...)
	args = append(args, source, "-xnone", "-ldl", "-pthread")
	if !d.loaded {
		args = append(args, "-L"+dir, "-l"+strings.TrimPrefix(d.name, "lib"), "-Wl,-rpath,"+dir)
	}
	if text, err := exec.Command(cc, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if d.made {
		return makeLibc(t, dir, out)
	}
	return out
}

// run runs a command with a hook, and returns its output, standard error and status, or minus the signal.
func (d *dropin) run(t *testing.T, dir, hook string, env []string, command ...string) (out, errs string, status int) {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = t.TempDir()
	lib := filepath.Join(dir, d.name+".so")
	cmd.Env = append(append(fixedEnv(cmd.Dir), "LD_PRELOAD="+hook+":"+lib), env...)
	switch {
	case d.made:
		cmd.Env = append(append(fixedEnv(cmd.Dir), "LD_PRELOAD="+hook), env...)
	case d.loaded:
		cmd.Env = append(append(fixedEnv(cmd.Dir), "LD_PRELOAD="+lib, "LIBZPHOOK="+hook), env...)
	}
	var o, e strings.Builder
	cmd.Stdout, cmd.Stderr = &o, &e
	cmd.Run()
	return o.String(), e.String(), endOf(cmd.ProcessState)
}

// TestDropinsCrash: each way in which a hook crashes has one line, and the program ends as it would.
func TestDropinsCrash(t *testing.T) {
	program := compileText(t, `
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv) { return syscall(5021, atol(argv[1])) == 0; }
`)
	for _, d := range dropins {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			dir := d.folder(t)
			hook := d.compile(t, dir, "testdata/hooks/crash.c", "-xc++")
			for how, want := range []struct {
				signal int
				text   string
			}{
				{11, ` has crashed at 0x[0-9a-f]+: bad pointer 0x10`},
				{8, ` has crashed at 0x[0-9a-f]+: arithmetic fault`},
				{4, ` has crashed at 0x[0-9a-f]+: invalid instruction`},
				{6, ` has aborted`},
				{11, ` has crashed at 0x[0-9a-f]+: its stack has overflowed`},
				{7, ` has crashed at 0x[0-9a-f]+: bad pointer 0x[0-9a-f]+ \(SIGBUS\)`},
				{6, ` has aborted`},
			} {
				line := regexp.MustCompile(`^(terminate called .*\n +what\(\): +mine\n)?` + d.name + `: a function in C, called at a system call,` + want.text + `\n$`)
				for _, door := range []string{"jump", "trap"} {
					out, errs, status := d.run(t, dir, hook, []string{"SYSTRAP_DOOR=" + door}, program, fmt.Sprint(how))
					if out != "" || status != -want.signal || !line.MatchString(errs) {
						t.Errorf("%d, %s: %q, %q, status %d, want %s", how, door, out, errs, status, line)
					}
				}
			}
			if out, errs, status := d.run(t, dir, hook, nil, program, "99"); out != "" || errs != "" || status != 0 {
				t.Errorf("no crash: %q, %q, status %d", out, errs, status)
			}
		})
	}
}

// TestDropinsUnloadable: a hook library that cannot be loaded, or lacks what it is looked at for, is a line, and the
// program runs without.
func TestDropinsUnloadable(t *testing.T) {
	need(t, "sh")
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bad := map[string]string{
		"not found":            filepath.Join(folder, "none.so"),
		"a folder":             folder,
		"no ELF file":          file("text.so", "#!/bin/sh\n"+strings.Repeat("# no library\n", 10)),
		"empty":                file("empty.so", ""),
		"of 32 bits":           file("bits.so", elfHeader(1, 3, 3)),
		"another architecture": file("arm.so", elfHeader(2, 183, 3)),
		"a program":            "/bin/sh",
	}
	for _, d := range dropins {
		if d.made {
			continue // TestHookLibcRefuses, TestHookLibcUnloadable
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			dir := d.folder(t)
			for name, hook := range bad {
				line := `ERROR: ld.so: object '.*' from LD_PRELOAD cannot be preloaded \(.*\): ignored\.`
				if d.loaded {
					line = `libzpoline: the hook library cannot be loaded: .*; the program runs without hooks`
				}
				out, errs, status := d.run(t, dir, hook, nil, "/bin/sh", "-c", "echo runs; exit 3")
				if out != "runs\n" || status != 3 || !regexp.MustCompile(`^`+line+`\n$`).MatchString(errs) {
					t.Errorf("%s: %q, %q, status %d", name, out, errs, status)
				}
			}
			line := `^$` // nothing is what a library may have
			if d.loaded {
				line = `^libzpoline: .*/lacks.so has no function __hook_init.*; the program runs without hooks\n$`
			}
			out, errs, status := d.run(t, dir, d.compile(t, dir, file("lacks.c", "int nothing;\n")), nil, "/bin/sh", "-c", "echo runs; exit 3")
			if out != "runs\n" || status != 3 || !regexp.MustCompile(line).MatchString(errs) {
				t.Errorf("no symbol: %q, %q, status %d", out, errs, status)
			}
		})
	}
}

// elfHeader is the header of a shared library without contents.
func elfHeader(class byte, machine, kind uint16) string {
	b := make([]byte, 4096)
	copy(b, "\x7fELF")
	b[4], b[5], b[6] = class, 1, 1
	binary.LittleEndian.PutUint16(b[16:], kind)
	binary.LittleEndian.PutUint16(b[18:], machine)
	binary.LittleEndian.PutUint32(b[20:], 1)
	if size := 40; class == 1 {
		b[size], b[size+2] = 52, 32
	} else {
		b[52], b[54] = 64, 56
	}
	return string(b)
}
