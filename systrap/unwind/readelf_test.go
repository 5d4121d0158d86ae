package unwind

import (
	"bufio"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestRowsSameAsReadelf compares the rules that are found for the addresses of real
// libraries and programs with those that readelf prints.
func TestRowsSameAsReadelf(t *testing.T) {
	if _, err := exec.LookPath("readelf"); err != nil {
		t.Skip("no readelf (Debian package binutils)")
	}
	files := []string{"/lib64/ld-linux-x86-64.so.2", "/usr/bin/git", "/usr/bin/perl", "/usr/bin/bash"}
	for _, pattern := range []string{"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "libcrypto.so.*", "libgmp.so.10"} {
		found, _ := filepath.Glob("/usr/lib/x86_64-linux-gnu/" + pattern)
		files = append(files, found...)
	}
	rows := 0
	for _, name := range files {
		if _, err := os.Stat(name); err != nil {
			t.Logf("SKIP: %v", err)
			continue
		}
		n := compareRows(t, name)
		t.Logf("%s: %d rows", name, n)
		rows += n
	}
	if rows < 100000 {
		t.Errorf("%d rows compared: too few to mean anything", rows)
	}
}

// frameImage maps the headers and unwind tables of an ELF file so that addresses are
// those of the file plus bias, as they are where the file runs.
func frameImage(t *testing.T, name string) (hdr, bias uint64, unmap func()) {
	t.Helper()
	f, err := elf.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	st, _ := file.Stat()
	for _, p := range f.Progs {
		if p.Type != elf.PT_GNU_EH_FRAME {
			continue
		}
		mem, err := unix.Mmap(int(file.Fd()), 0, int(st.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
		if err != nil {
			t.Fatal(err)
		}
		bias = at(mem) + p.Off - p.Vaddr
		return p.Vaddr + bias, bias, func() { unix.Munmap(mem) }
	}
	t.Fatalf("%s has no .eh_frame_hdr", name)
	return 0, 0, nil
}

var fdeLine = regexp.MustCompile(` FDE cie=\S+ pc=([0-9a-f]+)\.\.([0-9a-f]+)`)

// compareRows returns how many rows of a file are the same.
func compareRows(t *testing.T, name string) (same int) {
	hdr, bias, unmap := frameImage(t, name)
	defer unmap()
	cmd := exec.Command("readelf", "-wF", name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	m := new(machine)
	var columns []string
	in, different := false, 0
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		switch {
		case fdeLine.MatchString(lines.Text()):
			in = true
			continue
		case len(words) == 0 || strings.Contains(lines.Text(), " CIE ") || strings.HasPrefix(lines.Text(), "Contents"):
			in = false
			continue
		case words[0] == "LOC":
			columns = words[2:]
			continue
		case !in || len(words) != 2+len(columns):
			continue
		}
		loc, err := strconv.ParseUint(words[0], 16, 64)
		if err != nil {
			t.Fatalf("%s: %q", name, lines.Text())
		}
		got := "no frame"
		// Instructions of the CIE before the first location make a row of their own.
		if findFrame(&m.w, hdr, loc+bias, &m.info) && m.rowAt(loc+bias) {
			got = m.row.text(columns)
		}
		if want := strings.Join(words[1:], " "); got != want {
			if different++; different <= 5 {
				t.Errorf("%s: at %#x %s, readelf says %s (%s)", name, loc, got, want, strings.Join(columns, " "))
			}
			continue
		}
		same++
	}
	out.Close()
	cmd.Wait()
	if different > 5 {
		t.Errorf("%s: %d rows differ", name, different)
	}
	return same
}

var columnNames = [numRegs]string{"rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "ra"}

// text is the row as readelf writes it.
func (r *row) text(columns []string) string {
	s := fmt.Sprintf("%s%+d", columnNames[r.cfaReg], r.cfa)
	if r.cfaExpr {
		s = "exp"
	}
	for _, c := range columns {
		i := 0
		for i < numRegs-1 && columnNames[i] != c {
			i++
		}
		v := r.v[i]
		switch r.kind[i] {
		case same, undefined:
			s += " u" // readelf also writes it for what nothing was said of
		case atOffset:
			s += fmt.Sprintf(" c%+d", v)
		case isOffset:
			s += fmt.Sprintf(" v%+d", v)
		case inRegister:
			s += " " + columnNames[v]
		case atExpr:
			s += " exp"
		case isExpr:
			s += " vexp"
		}
	}
	return s
}
