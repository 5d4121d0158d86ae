package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A goFile is one generated file.
type goFile struct {
	name string
	tabs []*table
}

// A table is one list of constants.
type table struct {
	id, dflt string
	byValue  bool
	minus1   bool
	consts   bool // Go constants instead of a table
	names    bool // names of ioctl commands, and nothing else
	includes string
	items    []item
	drop     map[string]bool
	dropRe   []*regexp.Regexp
	entries  []entry
}

// An item is one word of the specification: a name, a pattern, or a name with a value given.
type item struct {
	name    string // as printed
	symbol  string // as the headers call it
	pattern *regexp.Regexp
	value   uint64
	given   bool
}

type entry struct {
	value uint64
	name  string
}

// parseSpec reads the text of the specification at path.
func parseSpec(path, text string) ([]*goFile, error) {
	var files []*goFile
	var cur *table
	includes := ""
	for n, line := range strings.Split(text, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		switch f[0] {
		case "file":
			files = append(files, &goFile{name: f[1]})
		case "inc":
			includes = ""
			for _, h := range f[1:] {
				includes += "#include " + h + "\n"
			}
		case "tab":
			cur = &table{id: f[1], dflt: f[2], includes: includes, drop: map[string]bool{}}
			if cur.dflt == "-" {
				cur.dflt = ""
			}
			for _, o := range f[3:] {
				cur.byValue = cur.byValue || o == "by=value"
				cur.minus1 = cur.minus1 || o == "minus=1"
			}
			last := files[len(files)-1]
			last.tabs = append(last.tabs, cur)
		case "consts":
			cur = &table{consts: true, includes: includes, drop: map[string]bool{}}
			last := files[len(files)-1]
			last.tabs = append(last.tabs, cur)
		case "names":
			cur = &table{names: true, includes: includes, drop: map[string]bool{}}
			last := files[len(files)-1]
			last.tabs = append(last.tabs, cur)
		default:
			for _, w := range f {
				if err := cur.word(w); err != nil {
					return nil, fmt.Errorf("%s:%d: %q: %v", path, n+1, w, err)
				}
			}
		}
	}
	return files, nil
}

func (t *table) word(w string) error {
	switch {
	case strings.HasSuffix(w, "!"):
	case strings.HasPrefix(w, "!/"):
		re, err := regexp.Compile(strings.Trim(w[1:], "/"))
		if err != nil {
			return err
		}
		t.dropRe = append(t.dropRe, re)
	case w[0] == '!':
		t.drop[w[1:]] = true
	case w[0] == '/':
		re, err := regexp.Compile(strings.Trim(w, "/"))
		if err != nil {
			return err
		}
		t.items = append(t.items, item{pattern: re})
	case w[0] == '=':
		num, name, _ := strings.Cut(w[1:], ":")
		v, err := strconv.ParseUint(num, 0, 64)
		if err != nil {
			return err
		}
		t.items = append(t.items, item{name: strings.ReplaceAll(name, "~", " "), value: v, given: true})
	default:
		sym, name, ok := strings.Cut(w, "=")
		if !ok {
			name = sym
		}
		t.items = append(t.items, item{name: name, symbol: sym})
	}
	return nil
}

// dropped says whether the table leaves out a name that its pattern matches.
func (t *table) dropped(name string) bool {
	for _, re := range t.dropRe {
		if re.MatchString(name) {
			return true
		}
	}
	return t.drop[name]
}
