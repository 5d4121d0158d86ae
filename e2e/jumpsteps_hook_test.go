package e2e

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestJumpStepsHook is TestJumpSteps with a function in C that is called before each call: the way there from the door, and the
// second door from there. In neither a signal finds the program; it finds it before the call, in the function, or behind the call.
func TestJumpStepsHook(t *testing.T) {
	needMachine(t, "jump")
	needMachine(t, "ptrace")
	dir := hookFolder(t)
	hook := compileHook(t, dir, "testdata/hooks/plain.c")
	s := startSteps(t, buildJump(t, "steps"), hook, "hook", 0)
	door := doorCode(t, s.pid, filepath.Join(dir, "libsyscall_intercept.so"))
	path := s.record()
	met := map[string]int{}
	for _, p := range path {
		met[doorName(door, p.addr)]++
	}
	for name, least := range map[string]int{"slots": 3, "jumpDoor": 8, "jumpDoorPast": 8, "jumpHere": 60} {
		if met[name] < least {
			t.Fatalf("%d instructions of %s, want %d: %v", met[name], name, least, met)
		}
	}
	n := 0
	for _, p := range path {
		if !s.signalAt(p) {
			continue
		}
		n++
		var b [8]byte
		_, err := s.mem.ReadAt(b[:], int64(s.found))
		s.must(err)
		if found := binary.LittleEndian.Uint64(b[:]); doorName(door, found) != "" {
			t.Errorf("a signal at %#x finds the program in %s, at %#x", p.addr, doorName(door, found), found)
		}
	}
	s.finish(n)
	t.Logf("%d instructions, a signal at %d; %v", len(path), n, met)
	if n < len(path)*9/10 {
		t.Errorf("only %d of %d instructions were met again", n, len(path))
	}
}

// span is where a function of the library lies in a process.
type span struct {
	name        string
	start, size uint64
}

// doorCode is where the jump door's code lies in a process that has lib.
func doorCode(t *testing.T, pid int, lib string) (door []span) {
	t.Helper()
	file, err := filepath.EvalSymlinks(lib)
	if err != nil {
		t.Fatal(err)
	}
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Fatal(err)
	}
	var base uint64
	for _, line := range strings.Split(string(maps), "\n") {
		if strings.HasSuffix(line, file) {
			fmt.Sscanf(line, "%x-", &base)
			break
		}
	}
	f, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	symbols, err := f.Symbols()
	if err != nil || base == 0 {
		t.Fatalf("%s: %v, at %#x", file, err, base)
	}
	for _, s := range symbols {
		name := strings.TrimSuffix(strings.TrimPrefix(s.Name, "libsystrap/internal/core."), ".abi0")
		switch name {
		case "slots", "jumpDoor", "jumpDoorPast", "jumpHere":
			door = append(door, span{name, base + s.Value, s.Size})
		}
	}
	return door
}

// doorName is the function of door that pc is in, or "".
func doorName(door []span, pc uint64) string {
	for _, d := range door {
		if pc-d.start < d.size {
			return d.name
		}
	}
	return ""
}
