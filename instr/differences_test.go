package instr

import (
	"bytes"
	"fmt"
	"hash"
	"hash/fnv"
	"os"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"
)

// full selects the long runs: all files under /usr, all combinations. INSTR_FULL may
// be a time such as 8m, too: then files are compared, others each day, until it is over.
var (
	full       = os.Getenv("INSTR_FULL") != "" && fullFor == 0
	fullFor, _ = time.ParseDuration(os.Getenv("INSTR_FULL"))
)

const differencesFile = "testdata/objdump_differences.txt"

// differences counts what this package and an oracle disagree on, by the name of the reason, and
// holds the counts against those in differencesFile. A count may only shrink.
type differences struct {
	t       *testing.T
	section string
	max     map[string]int
	got     map[string]int
	lines   int
	unnamed int
	shown   map[string]int // unnamed differences by mnemonic and status, of which one is printed
	where   string         // for messages
	// files is a hash of the names and sizes of the files that were compared. The counts hold for
	// the recorded files; with others only differences without a name are errors.
	files hash.Hash32
}

// loadDifferences reads the counts of one section of differencesFile; the long runs have their own.
func loadDifferences(t *testing.T, section string) *differences {
	t.Helper()
	if full || fullFor > 0 {
		section += "-full"
	}
	d := &differences{t: t, section: section, max: map[string]int{}, got: map[string]int{}, shown: map[string]int{}}
	data, err := os.ReadFile(differencesFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(string(data), "\n") {
		f := strings.Fields(l)
		if len(f) == 0 || f[0] == "#" || f[0] != section {
			continue
		}
		if len(f) != 3 {
			t.Fatalf("%s: bad line %q", differencesFile, l)
		}
		n, err := strconv.Atoi(f[2])
		if err != nil {
			t.Fatalf("%s: %v", differencesFile, err)
		}
		d.max[f[1]] = n
	}
	return d
}

// note counts a difference.
func (d *differences) note(name string) { d.got[name]++ }

// noteAt counts a difference at offset off of s and says where it is.
func (d *differences) noteAt(name string, s *segmentTruth, off int) {
	d.note(name)
	if d.got[name] <= 20 {
		d.t.Logf("%s%#x: %s: % x", d.where, s.addr+uint64(off), name, s.text[max(0, off-8):min(len(s.text), off+8)])
	}
}

// compare compares what objdump printed at the start of code with Decode and Length.
func (d *differences) compare(code []byte, l line) {
	d.lines++
	var in Inst
	st := Decode(code, &in)
	if n := Length(code); n != int(in.Len) || st == OK != (n > 0) {
		d.t.Errorf("%s % x: Length %d, Decode %v %d", d.where, code[:min(len(code), 15)], n, st, in.Len)
	}
	bad := bytes.Contains(l.text, []byte("(bad)")) || bytes.HasPrefix(l.text, []byte(".byte"))
	if bad && st != OK || !bad && st == OK && int(in.Len) == l.len {
		return
	}
	if name := explain(code, l, bad, st, &in); name != "" {
		d.note(name)
		return
	}
	d.unnamed++
	word, _, _ := bytes.Cut(l.text, []byte(" "))
	key := fmt.Sprintf("%s %v %d", word, st, in.Opcode)
	if d.shown[key]++; d.shown[key] == 1 && len(d.shown) <= 200 {
		d.t.Errorf("%s%x: % x: objdump %d %q, ours %v %d", d.where, l.addr, code[:min(len(code), 16)], l.len, l.text, st, in.Len)
	}
}

// file notes that a file is compared.
func (d *differences) file(path string, size int) {
	if d.files == nil {
		d.files = fnv.New32a()
	}
	fmt.Fprintln(d.files, path, size)
}

// check fails when a count is above the recorded one.
func (d *differences) check() {
	d.t.Helper()
	if d.lines == 0 {
		d.t.Error("nothing was compared")
	}
	names := make([]string, 0, len(d.got))
	for n := range d.got {
		names = append(names, n)
	}
	sort.Strings(names)
	var b strings.Builder
	recorded := true
	if d.files != nil {
		if have := int(d.files.Sum32()); have != d.max["files"] {
			recorded = false
			d.t.Logf("these are not the files whose counts are recorded: %s files %d", d.section, have)
		}
	}
	for _, n := range names {
		if d.got[n] > d.max[n] && recorded {
			d.t.Errorf("difference %s %s: %d, recorded %d", d.section, n, d.got[n], d.max[n])
		}
		fmt.Fprintf(&b, "\n%s %s %d", d.section, n, d.got[n])
	}
	d.t.Logf("%d instructions compared%s", d.lines, b.String())
	if d.unnamed > 0 {
		d.t.Errorf("%d differences have no name", d.unnamed)
	}
}
