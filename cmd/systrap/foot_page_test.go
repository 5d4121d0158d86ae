package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMakePage: the page has each range in its mapping's band, those of two images of a process apart, and no text of a trace ends
// its script.
func TestMakePage(t *testing.T) {
	const lines = `{"t":1000,"pid":7,"tid":7,"nr":0,"call":"read","result":3,"line":"read(3, \"</script>\", 9) = 3","ranges":[{"dir":"writes","addr":"0x7000","len":3,"arg":1,"in":"heap","map":["0x6000","0x9000"]}]}
trace-sysfoot: a message
{"t":3000,"pid":7,"tid":8,"nr":1,"call":"write","result":4,"line":"write(1, \"abcd\", 4) = 4","ranges":[{"dir":"reads","addr":"0x8000","len":4,"arg":1,"in":"heap","map":["0x6000","0xa000"],"may_have_changed":true},{"dir":"maps","addr":"0x1000","len":4096,"arg":-1,"in":"no mapping"}]}
{"summary":true,"pid":7,"execs":true,"calls":[],"mappings":[],"threads":[]}
{"t":5000,"pid":7,"tid":7,"nr":0,"call":"read","result":1,"line":"read(3, \"a\", 9) = 1","ranges":[{"dir":"writes","addr":"0x7000","len":1,"arg":1,"in":"heap","map":["0x6000","0x9000"]}]}
`
	file := filepath.Join(t.TempDir(), "lines")
	if err := os.WriteFile(file, []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := makePage(&page, file, []string{"prog", "<b>"}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(page.String(), "</script>"); n != 1 {
		t.Errorf("the page's script ends %d times", n)
	}
	_, rest, _ := strings.Cut(page.String(), "const data = ")
	text, _, found := strings.Cut(rest, ";\nconst [T")
	var d pageData
	if err := json.Unmarshal([]byte(text), &d); err != nil || !found {
		t.Fatalf("%v: %.200s", err, text)
	}
	if d.Command != "prog <b>" || d.Span != 4000 || len(d.Items) != 4 || len(d.Summaries) != 1 || !strings.Contains(d.About, "1 lines of the trace were messages") {
		t.Errorf("%+v", d)
	}
	var bands []string
	for _, b := range d.Bands {
		bands = append(bands, b.Process+": "+b.Name)
	}
	if got := strings.Join(bands, "; "); got != "process 7: heap; process 7: no mapping; process 7, after execve 1: heap" {
		t.Errorf("bands: %s", got)
	}
	if first := d.Bands[0]; first.Start != 0x7000 || first.End != 0x8004 || first.Ranges != 2 {
		t.Errorf("%+v", first)
	}
	if got := d.Items[1]; got[0].(float64) != 2000 || d.Threads[int(got[2].(float64))] != "8" || got[8] != "arg1, may have changed" {
		t.Errorf("%v", got)
	}
}
