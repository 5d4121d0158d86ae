// Command features uses what freestanding code may use: it builds, and prints what each part
// computed.
package main

import (
	"math/bits"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"

	"libsystrap/internal/freestanding/testdata/base"
)

// hook has func values that the verifier bounds by their type.
type hook struct {
	name string
	run  func(*state) int
	log  func(string)
}

// state lives in main's frame.
type state struct {
	n    int
	next *state
	text [64]byte
}

var hooks = [...]hook{
	{"double", double, nil},
	{"half", half, base.Write},
	{"tenfold", tenfold, nil},
	{"triple", (*state).triple, nil},
}

// same is another name for the type, not another type.
type same = *state

// tenfold is reached only if the verifier sees through the alias.
func tenfold(s same) int { return s.n * 10 }

// uncalled allocates, but no value of its type is called.
var uncalled = func(n int) *state { return &state{n: n} }

var active hook

var counter atomic.Int64

var head atomic.Pointer[state]

func double(s *state) int { return s.n * 2 }

func half(s *state) int { return s.n / 2 }

func (s *state) triple() int { return s.n * 3 }

// classify becomes a jump table.
func classify(n int) string {
	switch n {
	case 0:
		return "zero"
	case 1:
		return "one"
	case 2:
		return "two"
	case 3:
		return "three"
	case 4:
		return "four"
	case 5:
		return "five"
	case 6:
		return "six"
	case 7:
		return "seven"
	case 8:
		return "eight"
	}
	return "many"
}

// keyword compares strings.
func keyword(s string) int {
	switch s {
	case "alpha":
		return 1
	case "beta":
		return 2
	case "gamma":
		return 3
	}
	return 0
}

type pair struct {
	a, b string
	n    int
}

func largest[T int | uint](list []T) T {
	var m T
	for _, v := range list {
		m = max(m, v)
	}
	return m
}

// upTo is a range function.
func upTo(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

//go:noinline
func apply(f func(int) int, n int) int { return f(n) }

//go:noinline
func number(p *pair) int { return p.n }

func main() {
	check("jump table", classify(number(&pair{n: 7})) == "seven")
	check("strings", keyword(hooks[0].name) == 0 && keyword("gamma") == 3)
	funcValues()
	typeSwitch()
	closures()
	values()
}

//go:noinline
func funcValues() {
	s := &states[0]
	s.n = 8
	sum := 0
	for i := range hooks {
		active = hooks[i]
		sum += active.run(s)
	}
	active = hooks[1]
	if active.log != nil {
		active.log("called through a field")
	}
	check("func values", sum == 124 && uncalled != nil)
}

// mixed has values of different types, which a type switch tells apart by their types' hashes.
var mixed = [...]any{int8(1), "two", [3]byte{0, 3}, uint16(4), hook{name: "five"}, false, int64(7)}

//go:noinline
func typeSwitch() {
	sum := 0
	for _, v := range mixed {
		switch v := v.(type) {
		case int8:
			sum += int(v)
		case uint16:
			sum += int(v) * 10
		case [3]byte:
			sum += int(v[1]) * 100
		case string:
			sum += len(v) * 1000
		case hook:
			sum += len(v.name) * 10000
		case int64:
			sum += int(v) * 100000
		case int32, uint8, [4]byte:
			sum = -1
		}
	}
	check("type switch", sum == 743341)
}

var states [2]state

//go:noinline
func closures() {
	k := states[0].n
	check("closure", apply(func(n int) int { return n + k }, 2) == 10)
	sum := 0
	for i := range upTo(5) {
		sum += i
	}
	check("range function", sum == 10)
	check("method", states[0].triple() == 24)
	check("generic", largest([]int{3, 9, 4}) == 9)
}

//go:noinline
func values() {
	a, b := pair{"x", "y", 1}, pair{"x", "y", 1}
	counter.Add(2)
	head.Store(&states[1])
	check("struct equality", equal(&a, &b))
	check("atomic", counter.Load() == 2 && head.Load() == &states[1])
	check("bits", bits.OnesCount64(0xff) == 8 && bits.Len(8) == 4)
	var buf [8]byte
	check("utf8", utf8.EncodeRune(buf[:], 'ä') == 2)
	check("index", buf[number(&a)] == 0xa4)
	var big [600]byte
	copy(big[:], unsafe.Slice(unsafe.StringData("memmove"), 7))
	check("memory", string(big[:7]) == "memmove" && big[599] == 0)
}

//go:noinline
func equal(a, b *pair) bool { return *a == *b }

//go:noinline
func check(what string, ok bool) {
	if ok {
		base.Write(what)
		return
	}
	base.Write("wrong:")
	base.Write(what)
}
