package tracelog

import (
	"strings"
	"testing"

	"libsystrap/internal/sys"
)

// TestFindTorn looks for the beginning of a line that was cut at the end of a page.
func TestFindTorn(t *testing.T) {
	const line = "1234 10:00:00 read(3, \"abcdef\", 6) = 6\n"
	fill := func(n int) string { return strings.Repeat("x", n-1) + "\n" }
	page := sys.PageSize
	for name, c := range map[string]struct {
		file       string
		text       string
		from       int
		start, end int
	}{
		"cut":                           {fill(page-10) + line[:10] + "77   10:00:00 close(3) = 0\n", line, 100, page - 10, page},
		"cut at the file's end":         {fill(page-10) + line[:10], line, 0, page - 10, page},
		"cut behind one byte":           {fill(page-1) + line[:1] + "77   10:00:00 close(3) = 0\n", line, 0, page - 1, page},
		"a second page's end":           {fill(2*page-10) + line[:10] + "77   10:00:00 close(3) = 0\n", line, page, 2*page - 10, 2 * page},
		"two pages long":                {fill(page-10) + strings.Repeat("1", page+10) + "77   1 ", strings.Repeat("1", page+20) + "\n", 0, page - 10, 2 * page},
		"behind another cut":            {fill(page-10) + "66 10:00:0" + strings.Repeat("1", page) + "77   1 ", strings.Repeat("1", page+20) + "\n", 0, page, 2 * page},
		"what follows is like the rest": {fill(page-2) + line[:2] + "34 10:00:00 close(3) = 0\n", "1234 10:00:00 read(3,", 0, 0, 0},
		"the same, whole, before it":    {line + fill(page-10-len(line)) + line[:10] + "77   10:00:00 close(3) = 0\n", line, 0, page - 10, page},
		"figures only, whole":           {fill(page-4) + "12346 1700000000.1 close(3) = 0\n", "12345 1700000000.1 read(3, \"\", 0) = 0\n", 0, 0, 0},
		"an end behind it":              {fill(page-9) + "1234  rea1234  +++ killed by SIGKILL +++\n", "1234  read(3, \"\", 0) = 0\n", 0, page - 9, page},
		"the rest of a call behind it":  {fill(page-9) + "1234  rea77    <... kill resumed>) = 0\n", "1234  read(3, \"\", 0) = 0\n", 0, page - 9, page},
		"whole":                         {fill(page-10) + line + "77   10:00:00 close(3) = 0\n", line, 0, page - 10, page - 10},
		"whole, one cut later":          {fill(page-50) + line + fill(11 + 1)[:50-len(line)-1] + "\n", line, 0, page - 50, page - 50},
		"not there":                     {fill(page-10) + "77   10:00:00 close(3) = 0\n", line, 0, 0, 0},
		"another of its thread":         {fill(page-20) + "1234 10:00:00 close(3) = 0\n", line, 0, 0, 0},
		"before it was begun":           {fill(page-10) + line[:10] + "77   10:00:00 close(3) = 0\n", line, page - 9, 0, 0},
		"nothing behind":                {fill(page), line, page + 50, 0, 0},
		"empty":                         {"", line, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			start, end := findTorn([]byte(c.file), []byte(c.text), uint64(c.from))
			if start == end && c.start == c.end {
				return // nothing is cut
			}
			if start != c.start || end != c.end {
				t.Errorf("%d to %d, want %d to %d", start, end, c.start, c.end)
			}
		})
	}
}

// TestKilledWriters has a text left to it whose writer was killed, and puts the file's lines together.
func TestKilledWriters(t *testing.T) {
	const line = "1234 10:00:00 read(3, \"abcdef\", 6) = 6\n"
	h := new(logHead)
	h.noted.Store(numWriters)
	for i := range 2 { // the second one was killed before it wrote anything
		w := &h.writers[i*(numWriters-1)]
		w.n.Store(uint64(len(line)))
		copy(w.text[:], strings.Repeat(line, i+1)[i:])
	}
	first, last := strings.Repeat("x", sys.PageSize-8)+"\n", "77   10:00:00 close(3) = 0\n"
	file := []byte(first + line[:7] + last)
	if !h.writing() {
		t.Error("there is no writer")
	}
	h.clearTorn(file)
	if got := string(file[:closeGaps(file)]); got != first+last {
		t.Errorf("%.20q, %d bytes", got[len(first):], len(got))
	}
	if h.writing() {
		t.Error("the writers are left")
	}
}
