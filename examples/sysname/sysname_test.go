package sysname

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestNames compares both directions with the numbers that x/sys has from the
// kernel's headers.
func TestNames(t *testing.T) {
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "golang.org/x/sys/unix").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "zsysnum_linux_amd64.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^\s+SYS_(\w+)\s+= (\d+)$`).FindAllStringSubmatch(string(text), -1)
	if len(found) < 370 {
		t.Fatalf("only %d numbers in %s", len(found), dir)
	}
	names := map[int64]string{}
	for _, m := range found {
		nr, _ := strconv.ParseInt(m[2], 10, 64)
		names[nr] = strings.ToLower(m[1])
	}
	for nr := int64(-2); nr < 600; nr++ {
		want := names[nr]
		if got := Of(nr); got != want {
			t.Errorf("Of(%d) = %q, want %q", nr, got, want)
		}
		if want == "" {
			continue
		}
		if got, ok := Number(want); !ok || got != nr {
			t.Errorf("Number(%q) = %d, %v, want %d", want, got, ok, nr)
		}
	}
}

func TestNumberOfNothing(t *testing.T) {
	for _, name := range []string{"", " ", "ope", "openx", "read write", "-"} {
		if nr, ok := Number(name); ok {
			t.Errorf("Number(%q) = %d", name, nr)
		}
	}
}

func TestErrno(t *testing.T) {
	for e := int64(-1); e < 200; e++ {
		name := unix.ErrnoName(unix.Errno(e))
		if name == "" {
			continue
		}
		if got, ok := Errno(name); !ok || got != e {
			t.Errorf("Errno(%q) = %d, %v, want %d", name, got, ok, e)
		}
	}
	for _, name := range []string{"", "-", "EFOO", "eperm"} {
		if e, ok := Errno(name); ok {
			t.Errorf("Errno(%q) = %d", name, e)
		}
	}
}
