package library

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// small are sources of two files besides go.mod.
func small(t *testing.T) *Sources {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range []struct{ name, text string }{
		{"example.com/m/a.go", "package m\n"},
		{"libsystrap/go.mod", "module libsystrap\n\ngo 1.26.0\n\nrequire example.com/m v1.2.3\n"},
		{"libsystrap/systrap/b.go", "package systrap\n"},
	} {
		w, err := z.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(f.text))
	}
	z.SetComment("0123")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := read(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRead(t *testing.T) {
	s := small(t)
	if s.ID != "0123" || s.Go != "1.26.0" || len(s.Modules) != 2 || s.Modules[0] != (Module{"example.com/m", "v1.2.3"}) || s.Modules[1].Path != Own {
		t.Errorf("%+v", s)
	}
	if _, err := read([]byte("no zip file")); err == nil {
		t.Error("anything is taken for sources")
	}
}

// TestUnpack does it once, and again whenever something is not as it was.
func TestUnpack(t *testing.T) {
	s := small(t)
	cache := filepath.Join(t.TempDir(), "new", "systrap")
	unpack := func(what string, want bool) {
		t.Helper()
		written, err := s.Unpack(cache)
		if err != nil || written != want {
			t.Errorf("%s: written %v, %v", what, written, err)
		}
		if err := s.verify(s.Dir(cache)); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if all, _ := os.ReadDir(cache); len(all) != 1 {
			t.Errorf("%s: the cache has %v", what, all)
		}
	}
	unpack("first", true)
	unpack("as it was", false)
	file := filepath.Join(s.Dir(cache), "libsystrap/systrap/b.go")
	if st, err := os.Stat(file); err != nil || st.Mode().Perm() != 0o444 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
	os.Chmod(file, 0o644)
	os.WriteFile(file, []byte("package systraP\n"), 0o644)
	unpack("changed", true)
	os.Remove(file)
	unpack("a file less", true)
	os.WriteFile(filepath.Join(s.Dir(cache), "libsystrap/c.go"), nil, 0o644)
	unpack("a file more", true)
	os.RemoveAll(s.Dir(cache))
	os.MkdirAll(s.Dir(cache), 0o755)
	unpack("an empty folder", true)
}

// TestUnpackAtOnce has many unpack the same: nobody fails, and one whole folder is left.
func TestUnpackAtOnce(t *testing.T) {
	cache := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			s := small(t)
			for range 20 {
				if _, err := s.Unpack(cache); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if left, _ := os.ReadDir(cache); len(left) != 1 {
		t.Errorf("the cache has %v", left)
	}
}

// TestUnpackNowhere has a cache that is none.
func TestUnpackNowhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o644)
	for _, cache := range []string{file, filepath.Join(file, "x"), "/proc/none"} {
		written, err := small(t).Unpack(cache)
		if err == nil || written || !strings.Contains(err.Error(), "XDG_CACHE_HOME=") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, %v", cache, written, err)
		}
	}
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	if dir, err := Cache(); err == nil || !strings.Contains(err.Error(), "XDG_CACHE_HOME=") {
		t.Errorf("%s, %v", dir, err)
	}
}
