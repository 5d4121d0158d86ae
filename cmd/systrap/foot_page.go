package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

//go:embed page/foot.html
var footPage []byte

// maxItems is how many ranges a page shows: more would keep a browser busy.
const maxItems = 200_000

// footLine is a line of --foot=json (docs/FOOTPRINTS.md).
type footLine struct {
	T        int64
	Pid, Tid int
	Call     string
	Line     string
	Ranges   []footRange
	Summary  bool
	Execs    bool
}

type footRange struct {
	Dir, Addr, Path, In string
	Len                 uint64
	Arg                 int
	Map                 []string
	MayHaveChanged      bool `json:"may_have_changed"`
	AtMost              bool `json:"at_most"`
	Cut                 bool
	OrMore              bool `json:"or_more"`
	Pid, Pidfd          int
}

// pageData is what the page's script reads.
type pageData struct {
	Command   string            `json:"command"`
	About     string            `json:"about"`
	Span      int64             `json:"span"` // nanoseconds
	Calls     []string          `json:"calls"`
	Threads   []string          `json:"threads"`
	Lines     []string          `json:"lines"`
	Bands     []*pageBand       `json:"bands"`
	Items     [][]any           `json:"items"`
	Summaries []json.RawMessage `json:"summaries"`
}

// pageBand is a mapping of a process image.
type pageBand struct {
	Process string `json:"process"`
	Name    string `json:"name"`
	Start   uint64 `json:"start"` // of what was touched
	End     uint64 `json:"end"`
	Ranges  int    `json:"ranges"`

	key   string
	order [3]uint64 // process, image, address
	place int
}

type pageMaker struct {
	data    pageData
	calls   map[string]int
	threads map[string]int
	bands   map[string]*pageBand
	images  map[int]uint64 // by process: how often it has executed something
	begins  int64
	left    int // ranges that were not taken
	others  int // lines that are not JSON
}

// makePage writes the page of the lines in a file.
func makePage(out io.Writer, lines string, command []string) error {
	f, err := os.Open(lines)
	if err != nil {
		return err
	}
	defer f.Close()
	m := &pageMaker{calls: map[string]int{}, threads: map[string]int{}, bands: map[string]*pageBand{}, images: map[int]uint64{}}
	m.data.Command = strings.Join(command, " ")
	// The script takes none of these for null.
	m.data.Calls, m.data.Threads, m.data.Lines = []string{}, []string{}, []string{}
	m.data.Items, m.data.Summaries = [][]any{}, []json.RawMessage{}
	for r := bufio.NewReaderSize(f, 1<<20); ; {
		text, err := r.ReadBytes('\n')
		if len(text) > 0 {
			m.take(text)
		}
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	return m.write(out)
}

// take takes in a line.
func (m *pageMaker) take(text []byte) {
	var l footLine
	if text[0] != '{' || json.Unmarshal(text, &l) != nil {
		m.others++
		return
	}
	if l.Summary {
		m.data.Summaries = append(m.data.Summaries, json.RawMessage(bytes.TrimSpace(text)))
		if l.Execs {
			m.images[l.Pid]++
		}
		return
	}
	if m.begins == 0 || l.T < m.begins {
		m.begins = l.T
	}
	line := -1
	for i := range l.Ranges {
		r := &l.Ranges[i]
		if len(m.data.Items) >= maxItems {
			m.left++
			continue
		}
		if line < 0 {
			line = len(m.data.Lines)
			m.data.Lines = append(m.data.Lines, strings.TrimSpace(l.Line))
		}
		addr, _ := strconv.ParseUint(r.Addr, 0, 64)
		b := m.band(&l, r, addr)
		m.data.Items = append(m.data.Items, []any{
			l.T, number(m.calls, &m.data.Calls, l.Call), number(m.threads, &m.data.Threads, fmt.Sprint(l.Tid)), b,
			slices.Index([]string{"reads", "writes", "reads later", "writes later", "maps"}, r.Dir), addr, r.Len, line, r.note(),
		})
	}
}

// number returns the number of a name, which it gets if it is new.
func number(numbers map[string]int, names *[]string, name string) int {
	n, ok := numbers[name]
	if !ok {
		n = len(*names)
		numbers[name] = n
		*names = append(*names, name)
	}
	return n
}

// band returns the band that a range lies in. The stack is one, though it grows.
func (m *pageMaker) band(l *footLine, r *footRange, addr uint64) *pageBand {
	image, mapped := m.images[l.Pid], ""
	if len(r.Map) == 2 && r.In != "stack" {
		mapped = r.Map[0]
	}
	key := fmt.Sprint(l.Pid, " ", image, " ", r.In, " ", mapped)
	b := m.bands[key]
	if b == nil {
		b = &pageBand{Process: fmt.Sprint("process ", l.Pid), Name: r.In, Start: addr, End: addr, key: key}
		if image > 0 {
			b.Process += fmt.Sprint(", after execve ", image)
		}
		b.order = [3]uint64{uint64(l.Pid), image}
		m.bands[key] = b
	}
	if r.Dir != "maps" || b.Start == b.End {
		b.Start, b.End = min(b.Start, addr), max(b.End, addr+r.Len)
	}
	b.Ranges++
	return b
}

// note is what the page says of a range besides.
func (r *footRange) note() string {
	var notes []string
	if r.Arg >= 0 {
		notes = append(notes, strings.TrimSpace(fmt.Sprintf("arg%d %s", r.Arg, r.Path)))
	} else if r.Path != "" {
		notes = append(notes, r.Path)
	}
	for _, n := range []struct {
		is   bool
		text string
	}{
		{r.MayHaveChanged, "may have changed"}, {r.AtMost, "at most"}, {r.Cut, "cut"}, {r.OrMore, "or more"},
		{r.Pid != 0, fmt.Sprint("of process ", r.Pid)}, {r.Pidfd != 0, fmt.Sprint("of the process of pidfd ", r.Pidfd)},
	} {
		if n.is {
			notes = append(notes, n.text)
		}
	}
	return strings.Join(notes, ", ")
}

// write puts the data into the page.
func (m *pageMaker) write(out io.Writer) error {
	bands := []*pageBand{}
	for _, b := range m.bands {
		b.order[2] = b.Start
		bands = append(bands, b)
	}
	slices.SortFunc(bands, func(a, b *pageBand) int {
		if c := slices.Compare(a.order[:2], b.order[:2]); c != 0 {
			return c
		}
		if c := slices.Compare(b.order[2:], a.order[2:]); c != 0 { // high addresses first, as the picture has them
			return c
		}
		return strings.Compare(a.key, b.key)
	})
	for i, b := range bands {
		b.place = i
	}
	m.data.Bands = bands
	for _, item := range m.data.Items {
		t := item[0].(int64) - m.begins
		item[0] = t
		item[3] = item[3].(*pageBand).place
		m.data.Span = max(m.data.Span, t)
	}
	m.data.About = fmt.Sprintf("What the kernel read and wrote of the memory of %s, by mapping and over time. Low addresses are at the bottom of a band.",
		plural(len(m.processes()), "process"))
	if m.left > 0 {
		m.data.About += fmt.Sprintf(" The first %d ranges; %d more are not shown.", maxItems, m.left)
	}
	if m.others > 0 {
		m.data.About += fmt.Sprintf(" %d lines of the trace were messages, which are not shown.", m.others)
	}
	text, err := json.Marshal(&m.data) // which escapes <, > and &
	if err != nil {
		return err
	}
	before, after, _ := bytes.Cut(footPage, []byte("/*DATA*/null"))
	for _, part := range [][]byte{before, text, after} {
		if _, err := out.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// processes are the processes that have bands.
func (m *pageMaker) processes() map[uint64]bool {
	all := map[uint64]bool{}
	for _, b := range m.bands {
		all[b.order[0]] = true
	}
	return all
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprint(n, " ", what, "es")
}
