package tracetool

// regex is a POSIX extended regular expression (regex(7)) as a program of a
// backtracking-free matcher: after each character of the text it holds the set
// of instructions where a match may go on.
type regex struct {
	text string
	at   int
	prog [maxRegex]regexOp
	n    int
}

// expression is the one that is being used: too large for the stack.
var expression regex

// maxRegex bounds the instructions: a bit of regexStates each.
const maxRegex = 256

type regexStates [maxRegex / 64]uint64

func (s *regexStates) has(i int) bool { return s[i/64]>>(i%64)&1 != 0 }
func (s *regexStates) add(i int)      { s[i/64] |= 1 << (i % 64) }

// regexOp is one instruction.
type regexOp struct {
	kind regexKind
	c    byte
	x, y uint8     // where regexSplit and regexJump go on
	set  [4]uint64 // of regexSet, a bit for each byte
}

type regexKind uint8

const (
	regexChar regexKind = iota
	regexAny
	regexSet
	regexSplit
	regexJump
	regexBegin
	regexEnd
	regexMatch
)

// regexGroup is an open parenthesis, or the whole expression.
type regexGroup struct {
	start int       // its first instruction
	alt   int       // the first one of the present alternative
	jumps [16]uint8 // ends of earlier alternatives
	njump int
}

// compile translates the text; it returns "" or what regerror(3) says.
func (r *regex) compile() string {
	var stack [16]regexGroup
	depth := 0
	atom := -1 // the first instruction of what a '*' would repeat
	for r.at < len(r.text) {
		if r.n > maxRegex-8 {
			return "Regular expression too big"
		}
		c := r.text[r.at]
		r.at++
		g := &stack[depth]
		switch c {
		case '(':
			if depth+1 == len(stack) {
				return "Regular expression too big"
			}
			depth++
			stack[depth] = regexGroup{start: r.n, alt: r.n}
			atom = -1
		case ')':
			if depth == 0 {
				atom = r.emit(regexOp{kind: regexChar, c: c})
				break
			}
			r.endGroup(g)
			atom = g.start
			depth--
		case '|':
			if g.njump == len(g.jumps) {
				return "Regular expression too big"
			}
			r.insert(g.alt, regexOp{kind: regexSplit})
			r.prog[g.alt].x = uint8(g.alt + 1)
			g.jumps[g.njump] = uint8(r.emit(regexOp{kind: regexJump}))
			g.njump++
			r.prog[g.alt].y = uint8(r.n)
			g.alt = r.n
			atom = -1
		case '*', '+', '?':
			if atom < 0 {
				return "Invalid preceding regular expression"
			}
			r.repeat(atom, c)
		case '{':
			if atom < 0 {
				return "Invalid preceding regular expression"
			}
			if msg := r.bound(atom); msg != "" {
				return msg
			}
		case '^':
			r.emit(regexOp{kind: regexBegin})
			atom = -1
		case '$':
			r.emit(regexOp{kind: regexEnd})
			atom = -1
		case '.':
			atom = r.emit(regexOp{kind: regexAny})
		case '[':
			op := regexOp{kind: regexSet}
			if !r.bracket(&op.set) {
				return "Unmatched [, [^, [:, [., or [="
			}
			atom = r.emit(op)
		case '\\':
			if r.at == len(r.text) {
				return "Trailing backslash"
			}
			c = r.text[r.at]
			r.at++
			fallthrough
		default:
			atom = r.emit(regexOp{kind: regexChar, c: c})
		}
	}
	if depth > 0 {
		return "Unmatched ( or \\("
	}
	r.endGroup(&stack[0])
	r.emit(regexOp{kind: regexMatch})
	return ""
}

func (r *regex) emit(op regexOp) int {
	r.prog[r.n] = op
	r.n++
	return r.n - 1
}

// insert makes room at i; what is behind it moves.
func (r *regex) insert(i int, op regexOp) {
	for k := r.n; k > i; k-- {
		r.prog[k] = r.prog[k-1]
		if p := &r.prog[k]; p.kind == regexSplit || p.kind == regexJump {
			if int(p.x) >= i {
				p.x++
			}
			if int(p.y) >= i {
				p.y++
			}
		}
	}
	r.prog[i] = op
	r.n++
}

// endGroup lets all alternatives end here.
func (r *regex) endGroup(g *regexGroup) {
	for i := 0; i < g.njump; i++ {
		r.prog[g.jumps[i]].x = uint8(r.n)
	}
}

// repeat makes what begins at atom optional or repeated.
func (r *regex) repeat(atom int, c byte) {
	if c == '+' {
		r.emit(regexOp{kind: regexSplit, x: uint8(atom), y: uint8(r.n + 1)})
		return
	}
	r.insert(atom, regexOp{kind: regexSplit})
	r.prog[atom].x = uint8(atom + 1)
	if c == '*' {
		r.emit(regexOp{kind: regexJump, x: uint8(atom)})
	}
	r.prog[atom].y = uint8(r.n)
}

// bound takes in {N}, {N,} and {N,M} by copying what begins at atom, which
// must have no repetition or alternative of its own.
func (r *regex) bound(atom int) string {
	lo, rest := natural(r.text[r.at:], 255, ",}")
	hi := lo
	if lo >= 0 && rest != "" && rest[0] == ',' {
		if hi, rest = natural(rest[1:], 255, "}"); hi < 0 {
			rest = r.text[r.at:]
			if _, rest, _ = cut(rest, ','); rest == "" || rest[0] != '}' {
				return "Invalid content of \\{\\}"
			}
		} else if hi < lo {
			return "Invalid content of \\{\\}"
		}
	}
	if lo < 0 || rest == "" {
		return "Invalid content of \\{\\}"
	}
	r.at = len(r.text) - len(rest) + 1
	size := r.n - atom
	for k := atom; k < r.n; k++ {
		if kind := r.prog[k].kind; kind == regexSplit || kind == regexJump {
			return "Regular expression too big"
		}
	}
	total := hi
	if hi < 0 {
		total = lo + 1
	}
	if int(total)*(size+2)+r.n > maxRegex-8 {
		return "Regular expression too big"
	}
	for i := int64(1); i < total; i++ {
		first := r.n
		for k := 0; k < size; k++ {
			r.emit(r.prog[atom+k])
		}
		if i >= lo && hi >= 0 {
			r.repeat(first, '?')
		} else if hi < 0 && i == lo {
			r.repeat(first, '*')
		}
	}
	if lo == 0 {
		if hi < 0 {
			r.repeat(atom, '*')
		} else {
			r.repeat(atom, '?')
		}
	}
	return ""
}

// bracket reads the rest of a bracket expression.
func (r *regex) bracket(set *[4]uint64) bool {
	not := r.at < len(r.text) && r.text[r.at] == '^'
	if not {
		r.at++
	}
	for first := true; ; first = false {
		if r.at >= len(r.text) {
			return false
		}
		c := r.text[r.at]
		r.at++
		if c == ']' && !first {
			break
		}
		if c == '[' && r.at < len(r.text) && r.text[r.at] == ':' {
			if !r.class(set) {
				return false
			}
			continue
		}
		hi := c
		if r.at+1 < len(r.text) && r.text[r.at] == '-' && r.text[r.at+1] != ']' {
			hi = r.text[r.at+1]
			r.at += 2
		}
		for k := int(c); k <= int(hi); k++ {
			set[k/64] |= 1 << (k % 64)
		}
	}
	for k := range set {
		if not {
			set[k] = ^set[k]
		}
	}
	return true
}

// class reads the rest of [:NAME:].
func (r *regex) class(set *[4]uint64) bool {
	name, _, found := cut(r.text[r.at+1:], ':')
	if !found || len(r.text) < r.at+len(name)+3 || r.text[r.at+len(name)+2] != ']' {
		return false
	}
	r.at += len(name) + 3
	for c := 0; c < 128; c++ {
		digit := c >= '0' && c <= '9'
		low := c >= 'a' && c <= 'z'
		up := c >= 'A' && c <= 'Z'
		in := false
		switch name {
		case "digit":
			in = digit
		case "lower":
			in = low
		case "upper":
			in = up
		case "alpha":
			in = low || up
		case "alnum":
			in = low || up || digit
		case "punct":
			in = c > ' ' && c < 127 && !low && !up && !digit
		case "space":
			in = c == ' ' || c >= '\t' && c <= '\r'
		default:
			return false
		}
		if in {
			set[c/64] |= 1 << (c % 64)
		}
	}
	return true
}

// match says whether the expression matches any part of s.
func (r *regex) match(s string) bool {
	var now regexStates
	for i := 0; i <= len(s); i++ {
		now.add(0) // a match may begin anywhere
		r.follow(&now, i == 0, i == len(s))
		if now.has(r.n - 1) {
			return true
		}
		if i == len(s) {
			break
		}
		var next regexStates
		for k := 0; k < r.n; k++ {
			if !now.has(k) {
				continue
			}
			switch p := &r.prog[k]; p.kind {
			case regexChar:
				if p.c == s[i] {
					next.add(k + 1)
				}
			case regexAny:
				next.add(k + 1)
			case regexSet:
				if p.set[s[i]/64]>>(s[i]%64)&1 != 0 {
					next.add(k + 1)
				}
			}
		}
		now = next
	}
	return false
}

// follow adds the instructions that can be reached without a character.
func (r *regex) follow(now *regexStates, begin, end bool) {
	for changed := true; changed; {
		before := *now
		for k := 0; k < r.n; k++ {
			if !now.has(k) {
				continue
			}
			switch p := &r.prog[k]; p.kind {
			case regexSplit:
				now.add(int(p.x))
				now.add(int(p.y))
			case regexJump:
				now.add(int(p.x))
			case regexBegin:
				if begin {
					now.add(k + 1)
				}
			case regexEnd:
				if end {
					now.add(k + 1)
				}
			}
		}
		changed = before != *now
	}
}
