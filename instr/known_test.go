package instr

import (
	"os"
	"testing"
)

// TestKnownFiles holds what other decoders say of the pairs 0f 05 in some files of Debian 12 with Go
// 1.26: how many there are, and how many of them are no instructions. A file with another number of
// pairs is another build.
func TestKnownFiles(t *testing.T) {
	for _, c := range []struct {
		path        string
		pairs, none int
	}{
		{libc, 529, 3},
		{"/usr/bin/git", 9, 9},
		{"/usr/local/go/bin/go", 52, 13},
		{"/lib64/ld-linux-x86-64.so.2", 47, 1},
	} {
		data, err := os.ReadFile(c.path)
		if err != nil {
			t.Log(err)
			continue
		}
		var im Image
		if !im.FromFile(data) {
			t.Errorf("%s: no image", c.path)
			continue
		}
		pairs, none := 0, 0
		for i := 0; ; i++ {
			addr, text, ok := im.Text(i)
			if !ok {
				break
			}
			var f Finder
			var cand Candidate
			f.Init(&im, text, addr)
			for f.Next(&cand) {
				if cand.Kind != Syscall {
					continue
				}
				pairs++
				if !cand.Site {
					none++
					if cand.Reason > InOpcode {
						t.Errorf("%s: %#x is in doubt: %v", c.path, cand.VAddr, cand.Reason)
					}
				}
			}
		}
		if pairs != c.pairs {
			t.Logf("%s: another build, %d pairs, %d of them no instructions", c.path, pairs, none)
			continue
		}
		if none != c.none {
			t.Errorf("%s: %d of %d pairs are no instructions, want %d", c.path, none, pairs, c.none)
		}
	}
}
