package tracelog

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
)

// TestGrowTogether has threads fill a log that has to grow for nearly each line, so that several
// enlarge it at once: each line is there, once and whole.
func TestGrowTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if e := Open(append([]byte(path), 0), false); e != 0 {
		t.Fatalf("Open: errno %d", e)
	}
	Map()
	if logMap == nil {
		t.Skip("no log can be mapped here")
	}
	defer func() { logMap, ownfd.LogMapFd = nil, -1 }()
	const threads, lines, length = numWindows / 2, 160, 50000 // each holds two windows at most: none waits for one
	lineOf := func(i, k int) []byte {
		return append(bytes.Repeat(fmt.Appendf(nil, "%d.%d ", i, k), length/8), '\n')
	}
	var all sync.WaitGroup
	for i := range threads {
		all.Go(func() {
			runtime.LockOSThread()
			for k := range lines {
				Write(lineOf(i, k))
			}
		})
	}
	all.Wait()
	if logMap.cut.Load() != 0 {
		t.Error("the mapped part has ended")
	}
	if size, there := logMap.size.Load(), sys.FileSize(ownfd.Get(ownfd.Log)); size > there || there > logMap.claim.Load() {
		t.Errorf("%d bytes are there for lines, the file has %d, %d were claimed", size, there, logMap.claim.Load())
	}
	Leave()
	log, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for l := range bytes.Lines(log) {
		found[string(l)]++
	}
	for i := range threads {
		for k := range lines {
			if n := found[string(lineOf(i, k))]; n != 1 {
				t.Fatalf("line %d of thread %d is there %d times", k, i, n)
			}
		}
	}
	if len(found) != threads*lines {
		t.Errorf("%d lines, want %d", len(found), threads*lines)
	}
}
