package instr

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// build runs a compiler driver, which stands in args[0], or skips the test where there is none.
func build(t testing.TB, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(args[0]); err != nil {
		t.Skip(args[0], " is not installed")
	}
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// expectations reads from the symbols of the file at path what the Finder must answer: reasons by
// address of the candidate. See testdata/traps.s.
func expectations(t *testing.T, path string) map[uint64]string {
	t.Helper()
	f, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	syms, err := f.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	want := map[uint64]string{}
	for _, s := range syms {
		reason, _, ok := strings.Cut(s.Name, "__")
		switch {
		case strings.HasPrefix(s.Name, "site_"):
			want[s.Value] = "accepted " + s.Name
		case ok && reason != "":
			want[s.Value] = strings.ReplaceAll(reason, "_", " ") + " " + s.Name
		}
	}
	if len(want) < 30 {
		t.Fatalf("%s: %d expectations", path, len(want))
	}
	return want
}

// checkTraps compares the answers for the image with the expectations.
func checkTraps(t *testing.T, im *Image, want map[uint64]string) {
	t.Helper()
	seen := 0
	for i := 0; ; i++ {
		addr, text, ok := im.Text(i)
		if !ok {
			break
		}
		checkFinder(t, im, text, addr)
		var f Finder
		var c Candidate
		f.Init(im, text, addr)
		for f.Next(&c) {
			w, ok := want[c.VAddr-im.Bias()]
			if !ok {
				t.Errorf("%#x: a candidate without expectation: %+v", c.VAddr, c)
				continue
			}
			seen++
			if !strings.HasPrefix(w, c.Reason.String()+" ") {
				t.Errorf("%#x: want %s, got %v by %v", c.VAddr, w, c.Reason, c.Source)
			}
			unwound := c.Source == SourceHdr || c.Source == SourceFrame
			if w == "accepted site_restorer" && unwound && c.FuncStart != c.VAddr-7 {
				t.Errorf("%#x: the restorer starts at %#x", c.VAddr, c.FuncStart)
			}
			if w == "accepted site_rescued" && c.Source != SourceConservative {
				t.Errorf("%#x: %s by %v", c.VAddr, w, c.Source)
			}
			if w == "accepted site_unsized" && im.symtab.n+im.dynsym.n > 10 && c.Source == SourceConservative {
				t.Errorf("%#x: %s, but there are symbols", c.VAddr, w)
			}
			prefix := map[string]uint8{"site_rexw": 1, "site_prefixes": 3}[strings.TrimPrefix(w, "accepted ")]
			if c.Site && c.PrefixLen != prefix {
				t.Errorf("%#x: %s: %d bytes of prefixes", c.VAddr, w, c.PrefixLen)
			}
		}
	}
	if seen != len(want) {
		t.Errorf("%d candidates, want %d", seen, len(want))
	}
}

// TestTraps assembles testdata/traps.s, links it in several ways and checks every answer.
func TestTraps(t *testing.T) {
	dir := t.TempDir()
	obj := filepath.Join(dir, "traps.o")
	build(t, "gcc", "-c", "-o", obj, "testdata/traps.s")
	for _, v := range []struct {
		name  string
		link  []string
		strip bool
	}{
		{"shared", []string{"-shared"}, false},
		{"stripped shared", []string{"-shared"}, true},
		{"stripped static PIE", []string{"-static-pie", "-Wl,-e,plain", "-Wl,--no-dynamic-linker"}, true},
		{"stripped static", []string{"-static", "-Wl,-e,plain,--eh-frame-hdr"}, true},
		{"no search table", []string{"-shared", "-Wl,--no-eh-frame-hdr"}, false},
		{"stripped, no search table", []string{"-shared", "-Wl,--no-eh-frame-hdr"}, true},
	} {
		t.Run(v.name, func(t *testing.T) {
			path := filepath.Join(dir, strings.ReplaceAll(v.name, " ", "_"))
			build(t, append(append([]string{"gcc", "-nostdlib", "-o", path}, v.link...), obj)...)
			want := expectations(t, path)
			if v.strip {
				build(t, "strip", "-s", path)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if v.strip && bytes.Contains(data, []byte("site_plain")) {
				t.Fatal("not stripped")
			}
			var im Image
			if !im.FromFile(data) {
				t.Fatal("no image")
			}
			if strings.Contains(v.name, "no search table") == (im.hdr != 0) {
				t.Fatalf("search table at %#x", im.hdr)
			}
			checkTraps(t, &im, want)
			im.SetBias(0x7f00_0000_0000)
			checkTraps(t, &im, want)

			mapped := mapImage(t, data)
			if !im.FromMemory(mapped.base(), mapped.size()) {
				t.Fatal("no image in memory")
			}
			checkTraps(t, &im, want)
		})
	}
}

// TestWithoutImage checks the conservative rule on pieces of text.
func TestWithoutImage(t *testing.T) {
	stub := unhex(t, "48 89 f8 48 89 f7 48 89 d6 48 89 ca 4d 89 c2 4d 89 c8 0f 05 48 3d 01 f0 ff ff 73 01 c3 90 90 90")
	nops := bytes.Repeat([]byte{0x90}, 100)
	at := func(b []byte) int { return bytes.Index(b, []byte{0x0f, 0x05}) }
	for _, c := range []struct {
		name string
		text []byte
		want Reason
	}{
		{"first bytes of a mapping", unhex(t, "0f 05 c3 90 90 90 90 90"), NoContext},
		{"near the start", stub, NoContext},
		{"after nops", append(nops[:100:100], stub...), Accepted},
		{"at the end of a mapping", append(nops[:100:100], stub[:20]...), Accepted},
		{"nothing like a call", append(nops[:100:100], unhex(t, "0f 05 90 90 90 90 90")...), Implausible},
		{"zeros before", append(make([]byte, 99), stub...), Accepted},
		{"decodings that never meet", append(append(nops[:60:60], bytes.Repeat([]byte{0xb0}, 40)...), unhex(t, "0f 05 48 3d 01 f0 ff ff c3 90 90")...), Unsynchronised},
		{"behind it nothing decodes", append(append(nops[:100:100], stub[:20]...), 0x06, 0x06), Undecodable},
		{"in an immediate", append(append(nops[:100:100], stub[:18]...), unhex(t, "b8 0f 05 00 00 c3")...), Unsynchronised},
	} {
		var f Finder
		var cand Candidate
		f.Init(nil, c.text, 0x1000)
		if !f.Next(&cand) || cand.Off != at(c.text) || cand.Reason != c.want || cand.Source != SourceConservative {
			t.Errorf("%s: %+v, want %v", c.name, cand, c.want)
		}
	}
}
