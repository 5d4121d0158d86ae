package main

import (
	"bytes"
	"fmt"
	"strconv"
)

// blob is ztext.go, the text that all tables share.
type blob struct {
	text bytes.Buffer
	at   map[string]int
}

// ref returns the Ref of s, which it enters if it is new, as Go has it.
func (t *blob) ref(s string) string {
	if s == "" {
		return "0"
	}
	at, ok := t.at[s]
	if !ok {
		if t.at == nil {
			t.at = map[string]int{}
		}
		at = t.text.Len()
		t.at[s] = at
		t.text.WriteString(s)
	}
	if len(s) >= 1<<refLength {
		panic("too long for a reference: " + s)
	}
	return fmt.Sprintf("%#x", at<<refLength|len(s))
}

// entry returns a line of Go for an Entry.
func (t *blob) entry(value uint64, name string) string {
	return fmt.Sprintf("\t{%#x, %s}, // %s\n", value, t.ref(name), name)
}

// refLength is how many bits of a reference are the length (package names, types.go).
const refLength = 8

// file returns ztext.go.
func (t *blob) file() []byte {
	var b bytes.Buffer
	b.WriteString(header)
	b.WriteString("// text is what each Ref leads to.\nconst text = \"\"")
	const width = 96
	for rest := t.text.String(); rest != ""; {
		n := min(width, len(rest))
		b.WriteString(" +\n\t" + strconv.Quote(rest[:n]))
		rest = rest[n:]
	}
	b.WriteString("\n")
	return gofmt(b.Bytes())
}
