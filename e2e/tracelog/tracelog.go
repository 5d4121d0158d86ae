// Package tracelog reads the logs of trace-syscalls strictly: every line must be
// a whole one, of a known kind, and where its thread can be.
package tracelog

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Log is what a log holds.
type Log struct {
	Lines int
	// Unfinished counts the lines that end with "<unfinished ...>".
	Unfinished int
	// Open are threads whose last call has no end, by id.
	Open map[int]string
	// Marks holds, by thread, the numbers of the marked calls in order, but for
	// those that were interrupted before they were made.
	Marks map[int][]int
}

// CheckMarks returns an error if a thread's marked calls are not those with the
// numbers from 0 to its count, each once. counts has all threads by id, with a
// count for each that had this id.
func (l *Log) CheckMarks(counts map[int][]int) error {
	for tid := range l.Marks {
		if _, ok := counts[tid]; !ok {
			return fmt.Errorf("thread %d has %d marked calls, and made none", tid, len(l.Marks[tid]))
		}
	}
	for tid, made := range counts {
		left := make([]int, slices.Max(made)) // by number, how often it is still to come
		for _, count := range made {
			for n := range count {
				left[n]++
			}
		}
		for _, n := range l.Marks[tid] {
			if n >= len(left) || left[n] == 0 {
				return fmt.Errorf("thread %d: marked call %d is there too often, or was never made (%v were)", tid, n, made)
			}
			left[n]--
		}
		for n := range left {
			if left[n] > 0 {
				return fmt.Errorf("thread %d: marked call %d of %v is lost (%d are there)", tid, n, made, len(l.Marks[tid]))
			}
		}
	}
	return nil
}

// A marked call is getpriority(MARK, N), which fails: it is made by nothing else
// and has no effect.
const Mark = 0x5eed

var (
	head       = regexp.MustCompile(`^(?:(\d+) +|\[pid +(\d+)\] )?(.*)$`)
	name       = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	resumption = regexp.MustCompile(`^<\.\.\. ([a-z][a-z0-9_]*) resumed>(.*)$`)
	result     = regexp.MustCompile(`^ +(?:= (?:-?\d+|0x[0-9a-f]+|\?)(?: .*)?)$`)
	signalLine = regexp.MustCompile(`^--- (?:SIG[A-Z0-9_+]+ \{.*\}|stopped by SIG[A-Z0-9_+]+) ---$`)
	endLine    = regexp.MustCompile(`^\+\+\+ (?:exited with \d+|killed by SIG[A-Z0-9_+]+(?: \(core dumped\))?) \+\+\+$`)
	marked     = regexp.MustCompile(`^getpriority\(0x5eed[^,]*, (\d+)`)
)

// Read reads a log and returns an error for the first line that is not right.
func Read(r io.Reader) (*Log, error) {
	l := &Log{Open: map[int]string{}, Marks: map[int][]int{}}
	in := bufio.NewReaderSize(r, 1<<20)
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			if line != "" {
				return l, fmt.Errorf("line %d has no end: %q", l.Lines+1, line)
			}
			return l, nil
		}
		if err != nil {
			return l, err
		}
		l.Lines++
		if err := l.line(strings.TrimRight(line, "\r\n")); err != nil {
			return l, fmt.Errorf("line %d: %w: %q", l.Lines, err, line)
		}
	}
}

// line takes one line in.
func (l *Log) line(s string) error {
	m := head.FindStringSubmatch(s)
	tid, _ := strconv.Atoi(m[1] + m[2])
	text := m[3]
	if n := marked.FindStringSubmatch(text); n != nil {
		number, _ := strconv.Atoi(n[1])
		l.Marks[tid] = append(l.Marks[tid], number)
	}
	open, isOpen := l.Open[tid]
	if !isOpen && strings.HasPrefix(text, "<... ") {
		// On standard error a call may begin while its thread is the only one,
		// without an id, and end with one, or the other way round.
		if r := resumption.FindStringSubmatch(text); r != nil {
			for other, call := range l.Open {
				if call == r[1] && (other == 0 || tid == 0) {
					delete(l.Open, other)
					open, isOpen = call, true
				}
			}
		}
	}
	switch {
	case signalLine.MatchString(text):
		return nil
	case endLine.MatchString(text):
		delete(l.Open, tid)
		return nil
	case strings.HasPrefix(text, "<... "):
		r := resumption.FindStringSubmatch(text)
		if r == nil {
			return fmt.Errorf("not a resumed call")
		}
		if !isOpen || open != r[1] {
			return fmt.Errorf("resumes a call that is not unfinished (%q)", open)
		}
		delete(l.Open, tid)
		if r[1] == "getpriority" && strings.Contains(r[2], "= ? ERESTARTNOINTR") {
			l.Marks[tid] = l.Marks[tid][:max(len(l.Marks[tid])-1, 0)]
		}
		return whole(r[2], 1)
	}
	if isOpen {
		return fmt.Errorf("a call within the unfinished call of %s", open)
	}
	call, rest, ok := strings.Cut(text, "(")
	if !ok || !name.MatchString(call) {
		return fmt.Errorf("not a call")
	}
	if strings.HasSuffix(rest, " <unfinished ...>") {
		l.Unfinished++
		l.Open[tid] = call
		if end := closing(rest, 1); end >= 0 {
			return fmt.Errorf("an unfinished call that has an end")
		}
		return nil
	}
	return whole(rest, 1)
}

// whole checks the text behind a call's opening parenthesis.
func whole(s string, depth int) error {
	end := closing(s, depth)
	if end < 0 {
		return fmt.Errorf("parentheses or quotes do not match")
	}
	if !result.MatchString(s[end:]) {
		return fmt.Errorf("no result")
	}
	return nil
}

// closing returns where the text behind the parenthesis that closes depth
// begins, or -1.
func closing(s string, depth int) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			for i++; i < len(s) && s[i] != '"'; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		case '/':
			if strings.HasPrefix(s[i:], "/* ") {
				n := strings.Index(s[i:], " */")
				if n < 0 {
					return -1
				}
				i += n + 2
			}
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}
