package main

import (
	"fmt"
	"slices"
	"strings"
)

// figures are what a comparison has found.
type figures struct {
	lines, both, extra, equal int
	// ignored is how many SIGCHLD are missing, which a program without a handler is not given (DIFFERENCES.md, signal-ignored).
	// They are not among lines.
	ignored int
	// missing, more and other have what differs, by the call's name.
	missing, more, other map[string]int
	examples             []string
	// lost and found are the lines that one of the two has not, of all threads; moved is how many of them are the same (move).
	lost, found []line
	moved       int
}

func (f *figures) coverage() float64 { return percent(f.both, f.lines) }
func (f *figures) fidelity() float64 { return percent(f.equal, f.both) }

// add adds the sums of another comparison.
func (f *figures) add(g *figures) {
	f.lines, f.both, f.extra, f.equal = f.lines+g.lines, f.both+g.both, f.extra+g.extra, f.equal+g.equal
	f.ignored, f.moved = f.ignored+g.ignored, f.moved+g.moved
}

func percent(n, of int) float64 {
	if of == 0 {
		return 100
	}
	return 100 * float64(n) / float64(of)
}

// compare compares the threads of a trace with those of the reference.
func compare(want, got map[string][]line) *figures {
	f := &figures{missing: map[string]int{}, more: map[string]int{}, other: map[string]int{}}
	paths := map[string]bool{}
	for p := range want {
		paths[p] = true
	}
	for p := range got {
		paths[p] = true
	}
	for p := range paths {
		f.thread(p, want[p], got[p])
	}
	return f
}

// thread pairs lines of the same text, and, between those, lines of the same name.
func (f *figures) thread(path string, want, got []line) {
	f.lines += len(want)
	i, j := 0, 0
	for _, pair := range append(align(want, got, func(l line) string { return l.norm }), [2]int{len(want), len(got)}) {
		f.between(path, want[i:pair[0]], got[j:pair[1]])
		if i, j = pair[0]+1, pair[1]+1; i <= len(want) {
			f.both++
			f.equal++
		}
	}
}

func (f *figures) between(path string, want, got []line) {
	i, j := 0, 0
	for _, pair := range append(align(want, got, func(l line) string { return l.name }), [2]int{len(want), len(got)}) {
		for ; i < pair[0]; i++ {
			if strings.HasPrefix(want[i].text, "--- SIGCHLD ") {
				f.ignored++
				f.lines--
				continue
			}
			f.missing[want[i].name]++
			f.lost = append(f.lost, want[i])
			f.example(path, want[i].text, "-")
		}
		for ; j < pair[1]; j++ {
			f.extra++
			f.more[got[j].name]++
			f.found = append(f.found, got[j])
			f.example(path, "-", got[j].text)
		}
		if i < len(want) && j < len(got) {
			f.both++
			f.other[want[i].name]++
			f.example(path, want[i].text, got[j].text)
		}
		i, j = i+1, j+1
	}
}

// move takes lines for present, and equal, that another thread has made, with the same text: where threads race for work (sort, xz),
// who has done it is no matter of the trace's. What runs under strace twice is no other.
func (f *figures) move() {
	left := map[string]int{}
	for _, l := range f.found {
		left[l.norm]++
	}
	for _, l := range f.lost {
		if left[l.norm] > 0 {
			left[l.norm]--
			f.missing[l.name]--
			f.more[l.name]--
			f.extra--
			f.both++
			f.equal++
			f.moved++
		}
	}
}

func (f *figures) example(path, want, got string) {
	if len(f.examples) < 40 {
		f.examples = append(f.examples, fmt.Sprintf("    thread %s: strace %.200s\n              we     %.200s", path, want, got))
	}
}

// align returns the pairs of indices of a longest common subsequence of two lists by key, or of one that is nearly so: E. Myers, An O(ND)
// Difference Algorithm and Its Variations, with a bound on D.
func align(a, b []line, key func(line) string) (pairs [][2]int) {
	from := 0
	for from < min(len(a), len(b)) && key(a[from]) == key(b[from]) {
		pairs = append(pairs, [2]int{from, from})
		from++
	}
	a, b = a[from:], b[from:]
	const maxD = 3000
	n, m := len(a), len(b)
	limit := min(n+m, maxD)
	v := make([]int, 2*limit+3)
	var trace [][]int
	best := 0 // a diagonal, if the bound is met
search:
	for d := 0; d <= limit; d++ {
		trace = append(trace, slices.Clone(v))
		for k := -d; k <= d; k += 2 {
			x := 0
			if d > 0 {
				if k == -d || k != d && v[k-1+limit+1] < v[k+1+limit+1] {
					x = v[k+1+limit+1]
				} else {
					x = v[k-1+limit+1] + 1
				}
			}
			for x < n && x-k < m && key(a[x]) == key(b[x-k]) {
				x++
			}
			v[k+limit+1] = x
			if x >= n && x-k >= m {
				best = k
				break search
			}
		}
	}
	if len(trace) == limit+1 && limit == maxD {
		return pairs
	}
	var back [][2]int
	x, k := v[best+limit+1], best
	for d := len(trace) - 1; d >= 0; d-- {
		w := trace[d]
		begin, next := 0, k
		if d > 0 {
			if k == -d || k != d && w[k-1+limit+1] < w[k+1+limit+1] {
				next, begin = k+1, w[k+1+limit+1]
			} else {
				next, begin = k-1, w[k-1+limit+1]+1
			}
		}
		for x > begin {
			x--
			back = append(back, [2]int{from + x, from + x - k})
		}
		if x, k = begin, next; d > 0 {
			x = w[next+limit+1]
		}
	}
	slices.Reverse(back)
	return append(pairs, back...)
}
