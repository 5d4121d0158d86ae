package main

import (
	"bytes"
	"debug/elf"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const libcPath = "/lib/x86_64-linux-gnu/libc.so.6"

// TestScanLibc checks a file whose sites are known: every one is the bytes of
// the instruction, and a function with a well-known name has one.
func TestScanLibc(t *testing.T) {
	if _, err := os.Stat(libcPath); err != nil {
		t.Skip(err)
	}
	r, err := scanFile(libcPath)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Sites) < 300 || r.Candidates != len(r.Sites)+len(r.Declined) {
		t.Errorf("%d sites, %d declined, %d candidates", len(r.Sites), len(r.Declined), r.Candidates)
	}
	f, err := elf.Open(libcPath)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text := f.Section(".text")
	data, err := text.Data()
	if err != nil {
		t.Fatal(err)
	}
	inGetpid := false
	for _, s := range r.Sites {
		off := uint64(s.Address) - text.Addr
		if off < uint64(len(data)) && !bytes.HasPrefix(data[off:], []byte{0x0f, 0x05}) {
			t.Errorf("no syscall at %#x", uint64(s.Address))
		}
		inGetpid = inGetpid || strings.Contains(s.Function, "getpid+")
		if !s.Trapped || s.Kind != "syscall" || s.Source == "" || s.Reason != "" {
			t.Errorf("odd site %+v", s)
		}
	}
	if !inGetpid {
		t.Error("no site in getpid")
	}
	sum := 0
	for _, n := range r.Reasons {
		sum += n
	}
	if sum != len(r.Declined) {
		t.Errorf("reasons add up to %d of %d", sum, len(r.Declined))
	}
	doors, refused := 0, 0
	for _, n := range r.Doors {
		doors += n
	}
	for _, n := range r.Refusals {
		refused += n
	}
	if doors != len(r.Sites) || refused != r.Doors["trap"] || refused*10 > doors {
		t.Errorf("%d sites have doors %v, and none by reasons %v", len(r.Sites), r.Doors, r.Refusals)
	}
}

func TestScanJSON(t *testing.T) {
	r, err := scanFile("/bin/true")
	if err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back struct {
		File  string
		Sites []struct{ Address string }
	}
	if err := json.Unmarshal(line, &back); err != nil || back.File != "/bin/true" || back.Sites == nil {
		t.Errorf("%s: %v", line, err)
	}
	a, err := hexAddress(0xffffffffff600000).MarshalText()
	if err != nil || string(a) != "0xffffffffff600000" {
		t.Errorf("%s, %v", a, err)
	}
}

func TestScanBadFiles(t *testing.T) {
	prog := program(t)
	dir := t.TempDir()
	tests := []struct {
		name, want string
		data       []byte
	}{
		{"empty", "not an ELF file", nil},
		{"text", "not an ELF file", []byte("hello")},
		{"script", "a script", []byte("#!/bin/sh\n")},
		{"short", "shorter than its header", prog[:20]},
		{"headers", "program headers are outside", prog[:70]},
		{"bits", "32-bit", edited(prog, elf.EI_CLASS, byte(elf.ELFCLASS32))},
		{"machine", "EM_AARCH64", edited(prog, 18, byte(elf.EM_AARCH64), 0)},
		{"endian", "big-endian", edited(prog, elf.EI_DATA, byte(elf.ELFDATA2MSB))},
		{"object", "an object file", edited(prog, 16, byte(elf.ET_REL), 0)},
		{"segments", "no executable segment", edited(prog, 56, 0, 0)},
	}
	for _, test := range tests {
		p := filepath.Join(dir, test.name)
		if err := os.WriteFile(p, test.data, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := scanFile(p)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	if _, err := scanFile(dir); err == nil || err.Error() != "not a regular file" {
		t.Errorf("directory: %v", err)
	}
}

// TestScanCutFiles checks that no cut of a file crashes the scan.
func TestScanCutFiles(t *testing.T) {
	prog := program(t)
	p := filepath.Join(t.TempDir(), "cut")
	for n := 0; n < len(prog); n += 211 {
		if err := os.WriteFile(p, prog[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		if r, err := scanFile(p); err == nil {
			r.print(new(bytes.Buffer))
		}
	}
}

// TestScanFigures checks a row of the table against what the scan found.
func TestScanFigures(t *testing.T) {
	if _, err := os.Stat(libcPath); err != nil {
		t.Skip(err)
	}
	f, err := figuresOf(libcPath)
	if err != nil {
		t.Fatal(err)
	}
	if f.text < 1<<20 || f.search <= 0 || f.decode <= f.search || f.scan < f.search {
		t.Errorf("%d bytes of text, search %v, decode %v, scan %v", f.text, f.search, f.decode, f.scan)
	}
	var row bytes.Buffer
	f.print(&row)
	columns := strings.Count(strings.SplitN(figuresHeader, "\n", 2)[0], "|")
	want := fmt.Sprintf("| %d | %d | ", f.result.Candidates, len(f.result.Sites))
	if n := strings.Count(row.String(), "|"); n != columns || !strings.Contains(row.String(), want) {
		t.Errorf("%d bars, want %d, and %q in %s", n, columns, want, row.String())
	}
	for reason, n := range f.result.Reasons {
		if !strings.Contains(row.String(), fmt.Sprintf("%d %s", n, reason)) {
			t.Errorf("%d %s is not in %s", n, reason, row.String())
		}
	}
}
