package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"libsystrap/instr"
)

// figuresRow is what one file's text costs to search, to decode and to scan.
type figuresRow struct {
	result *scanResult
	text   int // bytes
	// The best of figureRuns passes over all of the text, each on its own: the
	// search for candidates alone, decoding every instruction, and what the
	// library does, which is to search and to decode the functions with a
	// candidate.
	search, decode, scan time.Duration
}

const figureRuns = 3

// figuresOf measures the scan of one file.
func figuresOf(path string) (*figuresRow, error) {
	r, err := scanFile(path)
	if err != nil {
		return nil, err
	}
	data, err := readELF(path)
	if err != nil {
		return nil, err
	}
	var im instr.Image
	if !im.FromFile(data) {
		return nil, errors.New("malformed ELF file")
	}
	f := &figuresRow{result: r}
	for run := range figureRuns {
		var search, decode, scan time.Duration
		f.text = 0
		for i := 0; ; i++ {
			addr, text, ok := im.Text(i)
			if !ok {
				break
			}
			f.text += len(text)
			if run == 0 {
				// Once unmeasured, for the page faults.
				searchAll(text)
			}
			search += timed(func() { searchAll(text) })
			decode += timed(func() { decodeAll(text) })
			scan += timed(func() { findAll(&im, text, addr) })
		}
		if run == 0 || search < f.search {
			f.search = search
		}
		if run == 0 || decode < f.decode {
			f.decode = decode
		}
		if run == 0 || scan < f.scan {
			f.scan = scan
		}
	}
	return f, nil
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func searchAll(text []byte) {
	for p := instr.SearchSyscall(text, 0); p >= 0; p = instr.SearchSyscall(text, p+1) {
	}
}

func decodeAll(text []byte) {
	var in instr.Inst
	for p := 0; p < len(text); {
		instr.Decode(text[p:], &in)
		p += max(int(in.Len), 1)
	}
}

func findAll(im *instr.Image, text []byte, addr uint64) {
	var f instr.Finder
	var c instr.Candidate
	f.SyscallOnly = true
	f.Init(im, text, addr)
	for f.Next(&c) {
	}
}

const figuresHeader = `| file | text, MB | search, GB/s | decode, MB/s | scan, ms | candidates | sites | declined |
| --- | --- | --- | --- | --- | --- | --- | --- |`

// print writes a row of the table, which is Markdown.
func (f *figuresRow) print(w io.Writer) {
	const mega, giga = 1e6, 1e9
	rate := func(d time.Duration, unit float64) float64 { return float64(f.text) / d.Seconds() / unit }
	var declined []string
	reasons := f.result.Reasons
	for _, r := range slices.SortedFunc(maps.Keys(reasons), func(a, b string) int { return reasons[b] - reasons[a] }) {
		declined = append(declined, fmt.Sprintf("%d %s", reasons[r], r))
	}
	if len(declined) == 0 {
		declined = []string{"none"}
	}
	fmt.Fprintf(w, "| %s | %.1f | %.1f | %.0f | %.1f | %d | %d | %s |\n", f.result.File, float64(f.text)/mega,
		rate(f.search, giga), rate(f.decode, mega), f.scan.Seconds()*1e3,
		f.result.Candidates, len(f.result.Sites), strings.Join(declined, ", "))
}
