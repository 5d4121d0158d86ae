package proc

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestMapsReader compares the reader with fmt.Sscanf over this process's own
// mappings. Those of the Go runtime may change meanwhile; files' do not.
func TestMapsReader(t *testing.T) {
	want := map[string]bool{}
	f, err := os.Open("/proc/self/maps")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var start, end, off, major, minor, inode uint64
		var perms string
		if _, err := fmt.Sscanf(s.Text(), "%x-%x %s %x %x:%x %d", &start, &end, &perms, &off, &major, &minor, &inode); err != nil {
			t.Fatal(err)
		}
		if inode == 0 {
			continue
		}
		name := s.Text()[strings.Index(s.Text(), "/"):]
		want[fmt.Sprint(start, end, perms, off, major<<32|minor, inode, name)] = true
	}
	if len(want) == 0 {
		t.Fatal("no mapped files")
	}
	if !Maps.Open() {
		t.Fatal("cannot open")
	}
	defer Maps.Close()
	var m Mapping
	for Maps.Next(&m) {
		if m.Inode == 0 {
			continue
		}
		perms := []byte("---p")
		for i, bit := range []uintptr{unix.PROT_READ, unix.PROT_WRITE, unix.PROT_EXEC} {
			if m.Prot&bit != 0 {
				perms[i] = "rwx"[i]
			}
		}
		if m.Shared {
			perms[3] = 's'
		}
		key := fmt.Sprint(m.Start, m.End, string(perms), m.Offset, m.Dev, m.Inode, string(m.Name))
		if !want[key] {
			t.Errorf("not in the file: %s", key)
		}
		delete(want, key)
	}
	for k := range want {
		t.Errorf("not read: %s", k)
	}
}
