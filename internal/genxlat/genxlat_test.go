package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tables is where the generated files are.
const tables = "../../systrap/abi/names"

// TestRegenerate says whether the files checked in are what the generator
// writes. It needs the compiler and the headers that they were made with.
func TestRegenerate(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("gcc is not installed: the generated tables are not checked")
	}
	for _, h := range []string{"/usr/include/linux/landlock.h", "/usr/include/sys/socket.h"} {
		if _, err := os.Stat(h); err != nil {
			t.Skipf("%s is missing (linux-libc-dev, libc6-dev): the generated tables are not checked", h)
		}
	}
	if v, err := os.ReadFile("/usr/include/linux/version.h"); err != nil || !strings.Contains(string(v), "LINUX_VERSION_MAJOR 6") || !strings.Contains(string(v), "LINUX_VERSION_PATCHLEVEL 1\n") {
		t.Skip("the headers are not those of Linux 6.1, from which the tables were made")
	}
	dir := t.TempDir()
	if err := generate("../../tracetool", dir); err != nil {
		t.Fatal(err)
	}
	made, err := filepath.Glob(dir + "/z*.go")
	if err != nil || len(made) < 10 {
		t.Fatalf("%d files were made: %v", len(made), err)
	}
	for _, f := range made {
		got, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(tables, filepath.Base(f)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the generator writes now: go generate ./systrap/abi/names (%v)", filepath.Base(f), err)
		}
	}
	old, _ := filepath.Glob(tables + "/z*.go")
	if len(old) != len(made) {
		t.Errorf("%d generated files are checked in, %d are made", len(old), len(made))
	}
}

func TestSpecSyntax(t *testing.T) {
	files, err := parseSpec("spec.txt", "file z.go\ninc <a.h>\ntab A A_???\nONE TWO=2ND =0x10:GIVEN /^P_/ !P_X !/_Y$/\n")
	if err != nil {
		t.Fatal(err)
	}
	tab := files[0].tabs[0]
	tab.expand([]string{"P_A", "P_X", "P_Y", "Q"})
	tab.fill(map[string]uint64{"ONE": 1, "TWO": 2, "P_A": 1})
	want := []entry{{1, "ONE"}, {2, "2ND"}, {16, "GIVEN"}}
	if len(tab.entries) != len(want) {
		t.Fatalf("got %v, want %v", tab.entries, want)
	}
	for i, e := range want {
		if tab.entries[i] != e {
			t.Errorf("entry %d is %v, want %v", i, tab.entries[i], e)
		}
	}
	if _, err := parseSpec("spec.txt", "file z.go\ntab A -\n/[/\n"); err == nil {
		t.Error("a bad pattern is accepted")
	}
}

func TestSpecOptions(t *testing.T) {
	files, err := parseSpec("spec.txt", "file z.go\ntab A A_??? minus=1\nONE =3:A~B\nconsts\nTWO\n")
	if err != nil {
		t.Fatal(err)
	}
	tabs := files[0].tabs
	for _, tab := range tabs {
		tab.expand(nil)
		tab.fill(map[string]uint64{"ONE": 1, "TWO": 2})
	}
	if e := tabs[0].entries; len(e) != 2 || e[0] != (entry{0, "ONE-1"}) || e[1].name != "A B-1" && e[1] != (entry{3, "A B"}) {
		t.Errorf("minus=1: %v", e)
	}
	if e := tabs[1].entries; !tabs[1].consts || len(e) != 1 || e[0] != (entry{2, "TWO"}) {
		t.Errorf("consts: %v", e)
	}
}

// TestSpecNames checks that names of commands are no table, and that one number may have several.
func TestSpecNames(t *testing.T) {
	files, err := parseSpec("spec.txt", "file z.go\nnames\n=0x10:B =0x10:A\n")
	if err != nil {
		t.Fatal(err)
	}
	tab := files[0].tabs[0]
	tab.fill(nil)
	all := ""
	for _, e := range tab.entries {
		all = addName(all, e.name)
	}
	if all != "A or B" {
		t.Errorf("names: %q", all)
	}
	out := writeTables(files, new(blob))
	if z := string(out["zindex.go"]); strings.Contains(z, "{0x10,") || out["z.go"] != nil {
		t.Errorf("written as a table: %s", z)
	}
}

func TestBlob(t *testing.T) {
	var b blob
	for _, tt := range []struct{ s, ref string }{{"", "0"}, {"ONE", "0x3"}, {"TWELVE", "0x306"}, {"ONE", "0x3"}} {
		if got := b.ref(tt.s); got != tt.ref {
			t.Errorf("ref(%q) = %s, want %s", tt.s, got, tt.ref)
		}
	}
	if text := string(b.file()); !strings.Contains(text, `"ONETWELVE"`) {
		t.Errorf("the text: %s", text)
	}
}
