package bench

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"libsystrap/instr"
)

var splitOnce sync.Once

// BenchmarkSplit divides what start-up does to the files of a program into
// searching for the byte pairs, decoding around them, and patching.
func BenchmarkSplit(b *testing.B) {
	splitOnce.Do(func() {
		for _, program := range []string{"true", "ls", "node"} {
			measureSplit(b, program)
		}
	})
	b.ReportMetric(0, "ns/op")
}

var lddPath = regexp.MustCompile(`(/[^ ]+) \(0x`)

// filesOf returns the ELF files that are mapped when the program starts.
func filesOf(b *testing.B, program string) []string {
	path, err := exec.LookPath(program)
	if err != nil {
		return nil
	}
	cmd := exec.Command(path)
	cmd.Env = []string{"LD_TRACE_LOADED_OBJECTS=1"} // what ldd(1) does
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	files := []string{path}
	for _, m := range lddPath.FindAllSubmatch(out, -1) {
		files = append(files, string(m[1]))
	}
	return files
}

// text is an executable segment, mapped as ld.so maps it.
type text struct {
	image *instr.Image
	addr  uint64 // in the file's address space
	code  []byte
	sites []int // offsets
}

func measureSplit(b *testing.B, program string) {
	group := "start-up split: " + program
	files := filesOf(b, program)
	if files == nil {
		addRow(group, program, "skipped", "", "not installed")
		return
	}
	var search, find, patch []time.Duration
	sites, size := 0, 0
	for range rounds(11) {
		texts := mapTexts(b, files)
		sites, size = 0, 0
		touch(texts) // the page cache's part is not ours
		search = append(search, clock(func() {
			for i := range texts {
				for at := instr.SearchSyscall(texts[i].code, 0); at >= 0; at = instr.SearchSyscall(texts[i].code, at+1) {
				}
			}
		}))
		find = append(find, clock(func() {
			for i := range texts {
				texts[i].find()
			}
		}))
		patch = append(patch, clock(func() {
			for i := range texts {
				texts[i].patch(b)
			}
		}))
		for i := range texts {
			sites += len(texts[i].sites)
			size += len(texts[i].code)
			unix.Munmap(texts[i].code)
		}
	}
	s, f, p := median(search), median(find), median(patch)
	addRow(group, "search", micros(s), "", plural(len(files), "file")+", "+plural(size>>10, "KiB")+" of text")
	addRow(group, "decode", micros(max(f-s, 0)), "", "finding less searching")
	addRow(group, "patch", micros(p), "", plural(sites, "site")+", page faults and mprotect")
}

// mapTexts maps the executable segments of the files anew, privately.
func mapTexts(b *testing.B, files []string) []text {
	var all []text
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		im := new(instr.Image)
		if !im.FromFile(data) {
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; ; i++ {
			addr, code, ok := im.Text(i)
			if !ok {
				break
			}
			// Where in the file the segment is: its bytes are part of data.
			off := bytes.Index(data, code[:min(len(code), 256)])
			page := off &^ (os.Getpagesize() - 1)
			m, err := unix.Mmap(int(f.Fd()), int64(page), len(code)+off-page, unix.PROT_READ|unix.PROT_EXEC, unix.MAP_PRIVATE)
			if err != nil {
				b.Fatal(err)
			}
			all = append(all, text{im, addr - uint64(off-page), m, nil})
		}
		f.Close()
	}
	return all
}

var sink byte

func touch(texts []text) {
	for i := range texts {
		for at := 0; at < len(texts[i].code); at += 4096 {
			sink += texts[i].code[at]
		}
	}
}

func (t *text) find() {
	var f instr.Finder
	var c instr.Candidate
	f.Init(t.image, t.code, t.addr)
	for f.Next(&c) {
		if c.Site && c.Kind == instr.Syscall {
			t.sites = append(t.sites, c.Off)
		}
	}
}

// patch does what the library does (internal/core/instrument.go).
func (t *text) patch(b *testing.B) {
	if len(t.sites) == 0 {
		return
	}
	const writable = unix.PROT_READ | unix.PROT_WRITE | unix.PROT_EXEC
	if err := unix.Mprotect(t.code, writable); err != nil {
		b.Fatal(err)
	}
	for _, off := range t.sites {
		t.code[off+1] = 0x0b
	}
	if err := unix.Mprotect(t.code, unix.PROT_READ|unix.PROT_EXEC); err != nil {
		b.Fatal(err)
	}
}
