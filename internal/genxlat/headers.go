package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// cc runs the C compiler on src.
func cc(src string, args ...string) (stdout, stderr string, err error) {
	cmd := exec.Command("gcc", append([]string{"-x", "c", "-w", "-D_GNU_SOURCE"}, append(args, "-")...)...)
	cmd.Stdin = strings.NewReader(src)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	err = cmd.Run()
	return o.String(), e.String(), err
}

var (
	defineRe = regexp.MustCompile(`(?m)^#define ([A-Za-z_]\w*) (.+)$`)
	wordRe   = regexp.MustCompile(`\b[A-Z_][A-Z0-9_]{2,}\b`)
)

// identifiers lists the object-like macros and, roughly, the enumerators of the headers, in the
// order of their appearance.
func identifiers(includes string) ([]string, error) {
	macros, msg, err := cc(includes, "-E", "-dD")
	if err != nil {
		return nil, fmt.Errorf("%s: %s", includes, msg)
	}
	seen := map[string]bool{}
	var names []string
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			names = append(names, s)
		}
	}
	for _, line := range strings.Split(macros, "\n") {
		if m := defineRe.FindStringSubmatch(line); m != nil {
			add(m[1])
		} else if !strings.HasPrefix(line, "#") {
			for _, w := range wordRe.FindAllString(line, -1) {
				add(w)
			}
		}
	}
	return names, nil
}

var errLine = regexp.MustCompile(`<stdin>:(\d+):\d+: error`)

// values asks the compiler for the values of names; those that are not integer constants are
// missing from the result. The program is only compiled, and its values are read in the assembly.
func values(includes string, names []string) (map[string]uint64, error) {
	asm, _, err := cc(probes(includes, names, nil), "-S", "-o", "-")
	if err != nil {
		_, msg, _ := cc(probes(includes, names, nil), "-fsyntax-only", "-fmax-errors=0")
		first := strings.Count(includes, "\n") + 1
		bad := map[int]bool{}
		for _, m := range errLine.FindAllStringSubmatch(msg, -1) {
			n, _ := strconv.Atoi(m[1])
			bad[n-first] = true
		}
		asm, msg, err = cc(probes(includes, names, bad), "-S", "-o", "-")
		if err != nil {
			return nil, fmt.Errorf("%s%s", includes, msg)
		}
	}
	res := map[string]uint64{}
	for _, m := range asmLine.FindAllStringSubmatch(asm, -1) {
		i, err := strconv.Atoi(m[1])
		if err != nil || i >= len(names) {
			return nil, fmt.Errorf("unexpected assembly: %q", m[0])
		}
		v := uint64(0)
		if m[2] == ".quad" {
			if x, err := strconv.ParseInt(m[3], 10, 64); err == nil {
				v = uint64(x)
			} else if v, err = strconv.ParseUint(m[3], 10, 64); err != nil {
				return nil, err
			}
		}
		res[names[i]] = v
	}
	return res, nil
}

var asmLine = regexp.MustCompile(`(?m)^probe_(\d+):\n\t(\.quad|\.zero)\t(-?\d+)$`)

// probes returns a C file with one constant for each name, on a line of its own. A 32-bit constant
// counts as such, whatever its sign.
func probes(includes string, names []string, bad map[int]bool) string {
	var b strings.Builder
	b.WriteString(includes)
	for i, n := range names {
		if !bad[i] {
			fmt.Fprintf(&b, "const unsigned long long probe_%d = sizeof(%s) <= 4 ? (unsigned long long)(unsigned)(%s) : (unsigned long long)(%s);", i, n, n, n)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// resolve fills in the entries of all tables; tables with the same headers share one compilation.
func resolve(files []*goFile) error {
	groups := map[string][]*table{}
	var order []string
	for _, f := range files {
		for _, t := range f.tabs {
			if groups[t.includes] == nil {
				order = append(order, t.includes)
			}
			groups[t.includes] = append(groups[t.includes], t)
		}
	}
	for _, inc := range order {
		all, err := identifiers(inc)
		if err != nil {
			return err
		}
		want := map[string]bool{}
		for _, t := range groups[inc] {
			t.expand(all)
			for _, it := range t.items {
				if !it.given {
					want[it.symbol] = true
				}
			}
		}
		names := make([]string, 0, len(want))
		for n := range want {
			names = append(names, n)
		}
		sort.Strings(names)
		vals, err := values(inc, names)
		if err != nil {
			return err
		}
		for _, t := range groups[inc] {
			t.fill(vals)
		}
	}
	return nil
}

// expand replaces the patterns of t by the names that match.
func (t *table) expand(all []string) {
	var out []item
	for _, it := range t.items {
		if it.pattern == nil {
			out = append(out, it)
			continue
		}
		for _, n := range all {
			if it.pattern.MatchString(n) && !t.dropped(n) {
				out = append(out, item{name: n, symbol: n})
			}
		}
	}
	t.items = out
}

func (t *table) fill(vals map[string]uint64) {
	seen := map[uint64]bool{}
	for _, it := range t.items {
		v := it.value
		if !it.given {
			x, ok := vals[it.symbol]
			if !ok {
				fmt.Fprintf(os.Stderr, "genxlat: %s: %s is not in the headers\n", t.id, it.symbol)
				continue
			}
			v = x
		}
		if seen[v] && !t.consts && !t.names {
			continue // the first name wins
		}
		seen[v] = true
		if t.minus1 {
			t.entries = append(t.entries, entry{v - 1, it.name + "-1"})
			continue
		}
		t.entries = append(t.entries, entry{v, it.name})
	}
	if t.byValue {
		sort.SliceStable(t.entries, func(i, j int) bool { return t.entries[i].value < t.entries[j].value })
	}
}
