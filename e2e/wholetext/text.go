package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// line is one of a trace: a call with its result, a signal or an end.
type line struct {
	name string // the call's, or "---" or "+++"
	text string // as it was
	norm string // without what differs from run to run
}

var (
	lineOf   = regexp.MustCompile(`^(\d+) +(.*)$`)
	resumed  = regexp.MustCompile(`^<\.\.\. \w+ resumed>(.*)$`)
	makes    = regexp.MustCompile(`^(?:clone3?|v?fork)\(.*= (\d+)$`)
	numbers  = regexp.MustCompile(`\b\d{2,}\b`)
	spaces   = regexp.MustCompile(`\) += `)
	environ  = regexp.MustCompile(`0x[0-9a-f]+ /\* \d+ vars? \*/`)
	volatile = regexp.MustCompile(`^getrandom\("(?:[^"\\]|\\.)*"(?:\.\.\.)?|\b(?:st_[acm]time|si_[us]time|f_b?free|f_bavail|f_ffree|freeram|bufferram|sharedram|procs|loads|uptime|tv_n?sec|tv_usec)=[^,}]*(?: /\* [^*]*\*/)?|htons\((?:3[2-9]|[456]\d)\d{3}\)|^sysinfo\(.*|\d+:[A-Z] \d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d+|\{ru_[^}]*\}.*|/(?:cc|tmp|sort)[A-Za-z0-9]{6}\b|\d{4}/\d\d/\d\d \d\d:\d\d:\d\d|\w{3}, \d\d \w{3} \d{4} \d\d:\d\d(?::\d\d(?: GMT)?)?`)
)

// threads takes a trace of -f apart: the lines of each thread, by how it was made: "0" is the first one, "0.2" the second that it
// has made. Interrupted lines are put together.
func threads(log string) map[string][]line {
	var order []string
	raw, pending, path := map[string][]string{}, map[string]string{}, map[string]string{}
	for s := range strings.Lines(log) {
		m := lineOf.FindStringSubmatch(strings.TrimRight(s, "\n\x00"))
		if m == nil {
			continue
		}
		id, text := m[1], m[2]
		if _, known := raw[id]; !known {
			raw[id] = nil
			order = append(order, id)
		}
		if head, ok := strings.CutSuffix(text, " <unfinished ...>"); ok {
			pending[id] = head
			continue
		}
		if r := resumed.FindStringSubmatch(text); r != nil {
			text = pending[id] + r[1]
			delete(pending, id)
		}
		raw[id] = append(raw[id], text)
	}
	for id, head := range pending {
		raw[id] = append(raw[id], head+" <unfinished ...>")
	}
	for i, id := range order {
		if path[id] == "" {
			path[id] = strconv.Itoa(i)
		}
		n := 0
		for _, text := range raw[id] {
			if m := makes.FindStringSubmatch(text); m != nil && m[1] != "0" {
				n++
				path[m[1]] = fmt.Sprintf("%s.%d", path[id], n)
			}
		}
	}
	all := map[string][]line{}
	for _, id := range order {
		for _, text := range raw[id] {
			all[path[id]] = append(all[path[id]], line{nameOf(text), text, normal(text, path)})
		}
	}
	return all
}

func nameOf(text string) string {
	if strings.HasPrefix(text, "---") || strings.HasPrefix(text, "+++") {
		return text[:3]
	}
	name, _, _ := strings.Cut(text, "(")
	return name
}

// normal is text with threads named by path, and without clocks, random bytes, the machine's load, and padding.
func normal(text string, path map[string]string) string {
	s := spaces.ReplaceAllString(text, ") = ")
	s = environ.ReplaceAllString(s, "ENV")
	s = volatile.ReplaceAllString(s, "VOLATILE")
	s = numbers.ReplaceAllStringFunc(s, func(n string) string {
		if p := path[n]; p != "" {
			return "<" + p + ">"
		}
		return n
	})
	if strings.HasPrefix(s, "getppid(") || strings.HasPrefix(s, "getpgrp(") {
		return s[:len("getppid()")] + " = OUTSIDE"
	}
	return strings.ReplaceAll(s, ",  ", ", ")
}
