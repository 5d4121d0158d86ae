package testlog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// log is what go test -json prints of two packages: subtests that pass, fail and are
// skipped, a test that has not ended, and a package that cannot be built.
const log = `go: downloading something
{"ImportPath":"p/broken","Action":"build-output","Output":"broken.go:3: undefined: x\n"}
{"Action":"start","Package":"p/a"}
{"Action":"run","Package":"p/a","Test":"TestGood"}
{"Action":"output","Package":"p/a","Test":"TestGood","Output":"=== RUN   TestGood\n"}
{"Action":"run","Package":"p/a","Test":"TestGood/one"}
{"Action":"output","Package":"p/a","Test":"TestGood/one","Output":"    a_test.go:7: chatter\n"}
{"Action":"pass","Package":"p/a","Test":"TestGood/one"}
{"Action":"run","Package":"p/a","Test":"TestGood/two"}
{"Action":"output","Package":"p/a","Test":"TestGood/two","Output":"    needs_test.go:12: no pkeys\n"}
{"Action":"output","Package":"p/a","Test":"TestGood/two","Output":"    --- SKIP: TestGood/two (0.00s)\n"}
{"Action":"skip","Package":"p/a","Test":"TestGood/two"}
{"Action":"pass","Package":"p/a","Test":"TestGood"}
{"Action":"run","Package":"p/a","Test":"TestBad"}
{"Action":"run","Package":"p/a","Test":"TestBad/sub"}
{"Action":"output","Package":"p/a","Test":"TestBad/sub","Output":"    a_test.go:9: wrong\n"}
{"Action":"fail","Package":"p/a","Test":"TestBad/sub"}
{"Action":"fail","Package":"p/a","Test":"TestBad"}
{"Action":"output","Package":"p/a","Output":"FAIL\tp/a\t0.1s\n"}
{"Action":"fail","Package":"p/a"}
{"Action":"run","Package":"p/c","Test":"TestHangs"}
{"Action":"output","Package":"p/c","Output":"panic: test timed out after 1s\n"}
{"Action":"fail","Package":"p/c"}
{"Action":"fail","Package":"p/broken"}
{"Action":"output","Package":"p/d","Output":"PASS\n"}
{"Action":"output","Package":"p/d","Output":"ok  \tp/d\t0.1s\n"}
{"Action":"pass","Package":"p/d"}
`

func TestRead(t *testing.T) {
	var out strings.Builder
	s, err := Read(strings.NewReader(log), &out)
	if err != nil {
		t.Fatal(err)
	}
	want := &Summary{Passed: 1, Failed: 3, Skipped: 1,
		Failures: []Failure{{"TestBad/sub", "    a_test.go:9: wrong\n"}, {"TestHangs (has not ended)", ""}, {"p/broken", ""}},
		Skips:    map[string][]string{"no pkeys": {"TestGood/two"}}}
	if d := cmp.Diff(want, s); d != "" {
		t.Error(d)
	}
	printed := `go: downloading something
broken.go:3: undefined: x
--- FAIL: TestBad/sub
    a_test.go:9: wrong
--- FAIL: TestBad
FAIL	p/a	0.1s
panic: test timed out after 1s
ok  	p/d	0.1s
`
	if d := cmp.Diff(printed, out.String()); d != "" {
		t.Error(d)
	}
}

func TestPrint(t *testing.T) {
	s := &Summary{Passed: 2, Skips: map[string][]string{}}
	s.Add(&Summary{Passed: 1, Failed: 1, Skipped: 10, Failures: []Failure{{"TestX", ""}},
		Skips: map[string][]string{"no pty": strings.Split("a b c d e f g h i", " "), "not root": {"z"}}})
	var out strings.Builder
	s.Print(&out)
	want := `tests: 3 passed, 1 failed, 10 skipped
  failed: TestX
  skipped: no pty
      a, b, c, d, e, f, g, h and 1 more
  skipped: not root
      z
`
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
}
