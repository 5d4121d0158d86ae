package e2e

import (
	"debug/elf"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestHooksDump looks up what INTERCEPT_DEBUG_DUMP says in the files, and compares its sums with the report's.
func TestHooksDump(t *testing.T) {
	need(t, "true")
	dir := hookFolder(t)
	hook := compileHook(t, dir, "../bench/testdata/hook.c")
	for _, env := range [][]string{{"SYSTRAP_DOOR=jump"}, {"SYSTRAP_DOOR=trap", "SYSTRAP_TRAP=int3"}} {
		report := filepath.Join(t.TempDir(), "report")
		_, errs, err := hooked(t, hook, append(env, "INTERCEPT_DEBUG_DUMP=1", "SYSTRAP_DISCOVER=1", "SYSTRAP_REPORT="+report), "true")
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(errs, "\n"), "\n")
		sites, jumps := 0, 0
		for _, l := range lines[:len(lines)-1] {
			m := dumpLine.FindStringSubmatch(l)
			if m == nil {
				t.Fatalf("%s", l)
			}
			sites++
			if m[4] != "" {
				jumps++
			}
			if want := map[bool]string{true: "ud2", false: "int3"}[len(env) == 1]; m[3] != want {
				t.Errorf("%s: want %s", l, want)
			}
			if b := bytesAt(t, m[1], m[2]); b != "\x0f\x05" {
				t.Errorf("%s: % x is no syscall", l, b)
			}
		}
		r, err := readReport(report)
		if err != nil || len(r) != 1 {
			t.Fatalf("%d reports, %v", len(r), err)
		}
		want := fmt.Sprintf("libsyscall_intercept: process %d: %d syscall instructions patched, %d of them with a jump", r[0].Pid, sites, jumps)
		if last := lines[len(lines)-1]; last != want || sites == 0 || sites != r[0].Sites || (jumps > 0) != (len(env) == 1) {
			t.Errorf("%v: %q, want %q; the report has %d", env, last, want, r[0].Sites)
		}
	}
	if _, errs, err := hooked(t, hook, []string{"INTERCEPT_DEBUG_DUMP=0"}, "true"); errs != "" || err != nil {
		t.Errorf("%v, %q", err, errs)
	}
}

var dumpLine = regexp.MustCompile(`^libsyscall_intercept: (/\S+) 0x([0-9a-f]+): (\w+)(, and a jump for the \d+ bytes before)?$`)

// bytesAt returns two bytes at an address of an ELF file.
func bytesAt(t *testing.T, file, hex string) string {
	at, err := strconv.ParseUint(hex, 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	f, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b [2]byte
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD && at >= p.Vaddr && at+2 <= p.Vaddr+p.Filesz {
			p.ReadAt(b[:], int64(at-p.Vaddr))
		}
	}
	return string(b[:])
}
