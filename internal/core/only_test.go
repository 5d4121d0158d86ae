package core

import (
	"strings"
	"testing"
	"unsafe"
)

func TestListed(t *testing.T) {
	for _, c := range []struct {
		names, name string
		want        bool
	}{
		{"ls", "ls", true}, {"ls", "l", false}, {"ls", "lsof", false}, {"a,ls", "ls", true}, {"ls,a", "ls", true},
		{"a,ls,b", "ls", true}, {",", "", false}, {"", "", false}, {"a,,b", "", false}, {"a b", "a", false},
	} {
		b := []byte(c.names + "\x00")
		if got := listed(&b[0], []byte(c.name)); got != c.want {
			t.Errorf("%q in %q: %v", c.name, c.names, got)
		}
	}
}

func TestBaseAt(t *testing.T) {
	long := strings.Repeat("x", 250)
	for path, want := range map[string]string{
		"ls": "ls", "/bin/ls": "ls", "./ls": "ls", "": "", "/": "", "/" + long + "/" + long: long,
		"/a/" + strings.Repeat("y", 61) + "/ls": "ls", strings.Repeat("d/", 2000) + "ls": "ls",
	} {
		b := []byte(path + "\x00")
		var name [nameMax + 1]byte
		n := baseAt(name[:], uint64(uintptr(unsafe.Pointer(&b[0]))))
		if n < 0 || string(name[:n]) != want || string(baseOf([]byte(path))) != want {
			t.Errorf("%q: %d, %q", path, n, baseOf([]byte(path)))
		}
	}
	var name [nameMax + 1]byte
	if n := baseAt(name[:], 8); n != -1 {
		t.Errorf("an address where nothing is: %d", n)
	}
}

func TestIsBeginning(t *testing.T) {
	for state, want := range map[string]bool{"-1,-1,-1,-1:NL": true, "2000,-1:-LOU": false, "3:-LF0123456789abcdef": false, "3:-LN": true, "": false} {
		b := []byte(state + "\x00")
		if got := isBeginning(&b[0]); got != want {
			t.Errorf("%q: %v", state, got)
		}
	}
}
