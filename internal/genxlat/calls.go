package main

import (
	"bytes"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// callNumbers returns the calls that a header of numbers names.
func callNumbers(header string) (map[string]int, error) {
	out, errs, err := cc("#include <"+header+">\n", "-E", "-dM")
	if err != nil {
		return nil, fmt.Errorf("%v\n%s", err, errs)
	}
	calls := map[string]int{}
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		if len(f) == 3 && strings.HasPrefix(f[1], "__NR_") {
			if calls[strings.TrimPrefix(f[1], "__NR_")], err = strconv.Atoi(f[2]); err != nil {
				return nil, fmt.Errorf("%s: %v", header, err)
			}
		}
	}
	return calls, nil
}

// otherCalls lists the names of i386's calls that are none of x86-64's, and all
// its numbers: -e trace= accepts them.
func otherCalls(refs *blob) ([]byte, error) {
	native, err := callNumbers("asm/unistd_64.h")
	if err != nil {
		return nil, err
	}
	other, err := callNumbers("asm/unistd_32.h")
	if err != nil {
		return nil, err
	}
	var names []string
	var bits [8]uint64
	for n, nr := range other {
		if _, ok := native[n]; !ok {
			names = append(names, n)
		}
		bits[nr/64] |= 1 << (nr % 64)
	}
	sort.Strings(names)
	var b bytes.Buffer
	b.WriteString(header)
	b.WriteString("// OtherCalls are the calls of i386 that x86-64 does not have.\nvar OtherCalls = [...]Ref{\n")
	for _, n := range names {
		fmt.Fprintf(&b, "%s, // %s\n", refs.ref(n), n)
	}
	b.WriteString("}\n\n// OtherNumbers has a bit for each number of a call of i386.\nvar OtherNumbers = [...]uint64{\n")
	for _, w := range bits {
		fmt.Fprintf(&b, "%#x,\n", w)
	}
	b.WriteString("}\n")
	return gofmt(b.Bytes()), nil
}
