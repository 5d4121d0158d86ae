package tracelog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindLine(t *testing.T) {
	long := strings.Repeat("x", 1000)
	for _, c := range []struct {
		file, text string
		from       int
		want       bool
	}{
		{"1 a(\n2 b(3 <unfinished ...>\n", "2 b(3", 0, true},
		{"1 a(\n2 b(3 <unfinished ...>\n", "2 b(3", 5, true},
		{"1 a(\n2 b(3 <unfinished ...>\n", "1 a(", 5, false},
		{"1 a(\n2 b(", "2 b(3", 0, false},  // the beginning
		{"1 a(2 b(3\n", "2 b(3", 0, false}, // within a line
		{"2 2 b(3\n2 b(4\n", "2 b(3", 0, false},
		{long + "\n" + long + "y\n" + long + "z <unfinished ...>\n", long + "z", 0, true},
		{"1 a( <detached ...>\n", "1 a(", 0, true},
		{"1 a( <pid changed to 77 ...>\n", "1 a(", 0, true},
		// Cut within the note, and another line behind it.
		{"1 a(", "1 a(", 0, false},
		{"1 a( <unfinished ...>", "1 a(", 0, false},
		{"1 a( <unfin2 b(3)    = 0\n", "1 a(", 0, false},
		{"1 a( <unfin2 b(3 <unfinished ...>\n", "1 a(", 0, false},
		{"1 a( <unfinished ...>2 b(3 <unfinished ...>\n", "1 a(", 0, false},
		{"1 a( <unfinished ..2 <... b resumed>) = 0\n", "1 a(", 0, false},
		{"1 a( <2 b(\"<a ...>\")  = 0\n1 a( <unfinished ...>\n", "1 a(", 0, true},
		{long + "\n" + long + "y\n", long + "z", 0, false},
		{"", "1 a(", 0, false},
	} {
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, []byte(c.file), 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := findLine(int64(f.Fd()), uint64(c.from), []byte(c.text)); got != c.want {
			t.Errorf("%.40q from %d in %.40q: %v", c.text, c.from, c.file, got)
		}
		f.Close()
	}
	if !findLine(-1, 0, []byte("1 a(")) {
		t.Error("a file that cannot be read: the text is taken for lost")
	}
}
