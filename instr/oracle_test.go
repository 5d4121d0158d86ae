package instr

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"testing"
	"time"
)

// fixedFiles are compared in every run, those that exist.
var fixedFiles = []string{
	libc, "/lib64/ld-linux-x86-64.so.2", "/usr/lib/x86_64-linux-gnu/libcrypto.so.3", "/usr/bin/bash",
	"/usr/bin/git", "/usr/local/go/bin/go", node, "/usr/lib/x86_64-linux-gnu/libstdc++.so.6",
	"/usr/lib/x86_64-linux-gnu/libm.so.6", "/usr/bin/perl", "/usr/bin/x86_64-linux-gnu-ld.bfd",
}

// elfFiles returns the ELF files under roots, sorted, without those that are the same by link.
func elfFiles(t *testing.T, roots ...string) []string {
	var out []string
	seen := map[string]bool{}
	for _, root := range roots {
		filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil
			}
			f, err := os.Open(path)
			if err != nil {
				return nil
			}
			defer f.Close()
			var head [ehdrSize]byte
			f.Read(head[:])
			kind := binary.LittleEndian.Uint16(head[16:])
			executable := kind == 2 || kind == 3 // ET_EXEC, ET_DYN
			if bytes.HasPrefix(head[:], []byte("\x7fELF\x02")) && head[18] == 62 && executable && !seen[path] {
				seen[path] = true
				out = append(out, path)
			}
			return nil
		})
	}
	sort.Strings(out)
	if len(out) == 0 {
		t.Skip("no ELF files in ", roots)
	}
	return out
}

// sample returns n of paths below maxSize bytes, chosen by the hash of their names.
func sample(paths []string, n int, maxSize int64) []string {
	type ranked struct {
		path string
		rank uint64
	}
	var rs []ranked
	for _, p := range paths {
		if fi, err := os.Stat(p); err == nil && fi.Size() <= maxSize {
			h := sha256.Sum256([]byte("libsystrap 1 " + p))
			rs = append(rs, ranked{p, binary.LittleEndian.Uint64(h[:])})
		}
	}
	sort.Slice(rs, func(i, j int) bool { return rs[i].rank < rs[j].rank })
	var out []string
	for _, r := range rs[:min(n, len(rs))] {
		out = append(out, r.path)
	}
	return out
}

// shuffled returns paths in an order that depends on seed.
func shuffled(paths []string, seed string) []string {
	rank := func(p string) [sha256.Size]byte { return sha256.Sum256([]byte(seed + p)) }
	return slices.SortedFunc(slices.Values(paths), func(a, b string) int {
		x, y := rank(a), rank(b)
		return bytes.Compare(x[:], y[:])
	})
}

// segmentTruth is what objdump says of one executable segment.
type segmentTruth struct {
	addr    uint64
	text    []byte
	starts  []uint64 // bit set of instruction starts
	entries []int    // offsets of the opcodes of syscall, sysenter and int $0x80
}

func (s *segmentTruth) start(off int) bool { return s.starts[off/64]>>(off%64)&1 != 0 }

// readTruth disassembles the file at path and compares every instruction on the way.
func readTruth(t *testing.T, d *differences, path string, im *Image) []*segmentTruth {
	var segs []*segmentTruth
	for i := 0; ; i++ {
		addr, text, ok := im.Text(i)
		if !ok {
			break
		}
		segs = append(segs, &segmentTruth{addr: addr, text: text, starts: make([]uint64, len(text)/64+1)})
	}
	d.where = path + ": "
	objdump(t, func(l line) {
		for _, s := range segs {
			off := l.addr - s.addr
			if off >= uint64(len(s.text)) {
				continue
			}
			s.starts[off/64] |= 1 << (off % 64)
			if n := uint64(l.len); isEntryText(l.text) && off+n <= uint64(len(s.text)) {
				s.entries = append(s.entries, int(off+n-2))
			}
			d.compare(s.text[off:], l)
		}
	}, "-d", "-M", "intel64", path)
	return segs
}

// isEntryText reports whether text is a system call instruction.
func isEntryText(text []byte) bool {
	for _, m := range []string{"syscall", "sysenter", "int    $0x80"} {
		if bytes.HasSuffix(text, []byte(m)) {
			return true
		}
	}
	return false
}

// compareFunctions walks every function of the search table and compares all instruction starts.
func compareFunctions(d *differences, im *Image, segs []*segmentTruth) (functions int) {
	tab, at, enc, n := im.hdrTable()
	for i := 0; i < n; i++ {
		off := i * 2 * pointerSize(enc)
		start, k := im.pointer(tab[off:], enc, at+uint64(off), im.hdr)
		var f Func
		if k == 0 || !im.Func(start, &f) || f.Start != start {
			continue
		}
		for _, s := range segs {
			if o := f.Start - s.addr; o < uint64(len(s.text)) && f.End-s.addr <= uint64(len(s.text)) {
				functions++
				compareFunction(d, s, int(o), int(f.End-s.addr))
			}
		}
	}
	return functions
}

// compareFunction compares the instruction starts of s in [p, end).
func compareFunction(d *differences, s *segmentTruth, p, end int) {
	if !s.start(p) {
		d.noteAt("objdump-out-of-step-at-function", s, p)
		return
	}
	var in Inst
	for p < end {
		st := Decode(s.text[p:end], &in)
		n := int(in.Len)
		switch {
		case st == Truncated:
			d.noteAt("function-ends-in-instruction", s, p)
			return
		case st != OK:
			d.noteAt("function-undecodable", s, p)
			return
		case in.Opcode == 0x9b && in.Map == 0: // objdump may join it with what follows, see fwait
			d.note("fwait-in-function")
			p++
			continue
		case isNewer(&in):
			d.noteAt("function-with-newer-vex", s, p)
			return
		}
		for i := 1; i <= n && p+i < end; i++ {
			if s.start(p+i) != (i == n) {
				d.noteAt("function-differs", s, p)
				return
			}
		}
		p += n
	}
}

// compareSites compares the Finder's answers, and those of the conservative rule on every candidate.
func compareSites(t *testing.T, d *differences, path string, im *Image, s *segmentTruth, all, conserv *Stats, doors *doorCounts) {
	truth := map[int]bool{}
	for _, off := range s.entries {
		truth[off] = true
	}
	var f Finder
	var c Candidate
	f.Init(im, s.text, s.addr)
	for f.Next(&c) {
		real := truth[c.Off]
		delete(truth, c.Off)
		switch {
		case c.Site && !real:
			t.Errorf("%s: %#x is taken for a site (%v), objdump has % x inside another instruction",
				path, c.VAddr, c.Source, s.text[max(0, c.Off-8):c.Off+8])
		case !c.Site && real:
			d.noteAt("missed-"+dashed(c.Reason.String()), s, c.Off)
		}
		if c.Site && c.Kind == Syscall {
			doors.compare(t, path, s, &c)
		}
		_, _, r := conservative(s.text, c.Off)
		if r == Accepted && !real {
			t.Errorf("%s: the conservative rule takes %#x for a site: % x", path, c.VAddr, s.text[c.Off-24:min(c.Off+16, len(s.text))])
		}
		if real {
			conserv[r]++
		}
	}
	for off := range truth {
		t.Errorf("%s: %#x is no candidate", path, s.addr+uint64(off))
	}
	all.Add(&f.Stats)
}

func dashed(s string) string { return string(bytes.ReplaceAll([]byte(s), []byte(" "), []byte("-"))) }

// TestObjdump compares with objdump: the length of every instruction, the instruction starts of
// every function, and the sites. By default over a sample, with INSTR_FULL over all of /usr.
func TestObjdump(t *testing.T) {
	needObjdump(t)
	if testing.Short() {
		t.Skip("short")
	}
	paths := fixedFiles
	if full || fullFor > 0 {
		paths = elfFiles(t, "/usr", "/root/.pyenv", "/opt")
		if fullFor > 0 {
			paths = shuffled(paths, time.Now().Format(time.DateOnly))
		}
	} else {
		if python, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output(); err == nil {
			paths = append(paths, string(bytes.TrimSpace(python)))
		}
		paths = append(paths, sample(elfFiles(t, "/usr/bin"), 40, 4<<20)...)
		paths = append(paths, sample(elfFiles(t, "/usr/lib"), 60, 4<<20)...)
	}
	d := loadDifferences(t, "objdump")
	var all, conserv Stats
	var doors doorCounts
	functions, size, files := 0, 0, 0
	begin := time.Now()
	for _, path := range paths {
		if fullFor > 0 && time.Since(begin) > fullFor {
			break
		}
		data, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		var im Image
		if !im.FromFile(data) {
			t.Errorf("%s: no image", path)
			continue
		}
		files++
		d.file(path, len(data))
		segs := readTruth(t, d, path, &im)
		functions += compareFunctions(d, &im, segs)
		for _, s := range segs {
			size += len(s.text)
			compareSites(t, d, path, &im, s, &all, &conserv, &doors)
		}
	}
	d.check()
	t.Logf("%d files, %d MB of text, %d functions", files, size>>20, functions)
	t.Logf("candidates: %d, sites %d, by reason %v", all.Candidates(), all.Sites(), all)
	t.Logf("conservative rule on the %d that objdump confirms: %d accepted, by reason %v",
		conserv.Candidates(), conserv.Sites(), conserv)
	t.Logf("doors: %v", &doors)
	if all.Sites() == 0 && fullFor == 0 || functions == 0 {
		t.Error("nothing was compared")
	}
}
