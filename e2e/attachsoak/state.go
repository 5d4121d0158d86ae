package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// state is what a process has (proc(5)).
type state struct {
	maps, fds, threads int
	rss, size          int // in KiB
	tracer             string
	ours               []string // mappings of ours that are left
}

func stateOf(pid int) (s state) {
	maps, _ := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	for line := range strings.Lines(string(maps)) {
		s.maps++ // what we map lies at 0x7ea… (docs/decisions/prelinked-library.md)
		if strings.HasPrefix(line, "7ea") || strings.Contains(line, "trace-syscalls") {
			s.ours = append(s.ours, strings.TrimSpace(line))
		}
	}
	fds, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	s.fds = len(fds)
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		first, _, _ := strings.Cut(strings.TrimSpace(value), " ")
		n, _ := strconv.Atoi(first)
		switch name {
		case "Threads":
			s.threads = n
		case "VmRSS":
			s.rss = n
		case "VmSize":
			s.size = n
		case "TracerPid":
			s.tracer = first
		}
	}
	return s
}

// since says how a state differs from one before.
func (s state) since(b state) string {
	return fmt.Sprintf("mappings %d to %d, descriptors %d to %d, threads %d to %d, resident %d to %d KiB, size %d to %d KiB",
		b.maps, s.maps, b.fds, s.fds, b.threads, s.threads, b.rss, s.rss, b.size, s.size)
}

// check says what is wrong. A steady program makes and gives back no mappings, descriptors or memory of its own.
func (s state) check(b state, steady bool) error {
	switch {
	case len(s.ours) > 0:
		return fmt.Errorf("still mapped: %s", strings.Join(s.ours, "\n"))
	case s.tracer != "0":
		return fmt.Errorf("traced by %s", s.tracer)
	case steady && (s.maps > b.maps || s.fds > b.fds || s.threads > b.threads || s.size > b.size):
		return fmt.Errorf("it has grown")
	}
	return nil
}
