package names

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// TestRefs compares each Ref in the generated files with the name in the comment beside it.
func TestRefs(t *testing.T) {
	files, err := filepath.Glob("z*.go")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^\t\{0x[0-9a-f]+, (0x[0-9a-f]+)\},\s+// (.*)$`)
	n := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range line.FindAllSubmatch(text, -1) {
			ref, err := strconv.ParseUint(string(m[1]), 0, 32)
			if err != nil {
				t.Fatal(err)
			}
			if got := Ref(ref).String(); got != string(m[2]) {
				t.Errorf("%s: Ref %s is %q, want %q", f, m[1], got, m[2])
			}
			n++
		}
	}
	if n < 5000 {
		t.Errorf("only %d names were found", n)
	}
}

func TestTables(t *testing.T) {
	for i := range Tables {
		if len(Rows(ID(i))) == 0 && Tables[i].Unknown == 0 {
			t.Errorf("table %d has no rows", i)
		}
	}
	if rows := Rows(Prot); rows[1].Value != 1 || rows[1].Name.String() != "PROT_READ" {
		t.Errorf("the second protection is %d, %s", rows[1].Value, rows[1].Name)
	}
	if s := Ref(0).String(); s != "" {
		t.Errorf("Ref 0 is %q", s)
	}
	if e := Errnos[2]; e.Name.String() != "ENOENT" || e.Text.String() != "No such file or directory" {
		t.Errorf("errno 2 is %s: %s", e.Name, e.Text)
	}
}
