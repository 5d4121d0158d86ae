package main

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
)

// callNames returns the calls that a header of numbers names.
func callNames(header string) ([]string, error) {
	out, errs, err := cc("#include <"+header+">\n", "-E", "-dM")
	if err != nil {
		return nil, fmt.Errorf("%v\n%s", err, errs)
	}
	var names []string
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		if len(f) == 3 && strings.HasPrefix(f[1], "__NR_") {
			names = append(names, strings.TrimPrefix(f[1], "__NR_"))
		}
	}
	return names, nil
}

// otherCalls lists the names of i386's calls that are none of x86-64's: -e
// trace= accepts them.
func otherCalls() ([]byte, error) {
	native, err := callNames("asm/unistd_64.h")
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for _, n := range native {
		have[n] = true
	}
	other, err := callNames("asm/unistd_32.h")
	if err != nil {
		return nil, err
	}
	sort.Strings(other)
	var b bytes.Buffer
	b.WriteString(header)
	b.WriteString("// otherCalls are the calls of i386 that x86-64 does not have.\nvar otherCalls = [...]string{\n")
	for _, n := range other {
		if !have[n] {
			fmt.Fprintf(&b, "%q,\n", n)
		}
	}
	b.WriteString("}\n")
	return gofmt(b.Bytes()), nil
}
