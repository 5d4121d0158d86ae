package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestParseTrace has a command line, the words the library gets, and the
// command.
func TestParseTrace(t *testing.T) {
	cwd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(cwd, "x.out")
	tests := []struct{ line, words, command string }{
		{"ls -l", "", "ls -l"},
		{"-- ls -l", "", "ls -l"},
		{"-f ls -t", "-f", "ls -t"},
		{"-tt -T -- -odd", "-tt -T", "-odd"},
		{"-qq -q ls", "-qq -q", "ls"},
		{"-o x.out ls", "-o " + out, "ls"},
		{"-ox.out ls", "-o " + out, "ls"},
		{"-fqox.out ls", "-o " + out + " -fq", "ls"},
		{"-o /a/b ls", "-o /a/b", "ls"},
		{"-e trace=open,close -s 10 ls", "-e trace=open,close -s 10", "ls"},
		{"-etrace=open -s10 -a40 -P /x -X raw ls", "-e trace=open -s 10 -a 40 -P /x -X raw", "ls"},
		{"-I 3 -D -DD -d -F ls", "", "ls"},
		{"-- -- ls", "", "-- ls"},
		{"- ls", "", "- ls"},
		{"--output x.out --follow-forks ls", "-o " + out + " -f", "ls"},
		{"--output=x.out --output-a ls", "-o " + out + " -A", "ls"},
		{"--trace=%file --string-limit 9 ls", "-e trace=%file -s 9", "ls"},
		{"--inject=all:error=EIO ls", "-e inject=all:error=EIO", "ls"},
		{"--absolute-timestamps=unix,us --timestamps --absolute-timestamps=us ls", "-ttt -t -tt", "ls"},
		{"--relative-timestamps --syscall-times=us ls", "-r -T", "ls"},
		{"--decode-fds=all --decode-fds --decode-fds=socket ls", "-yy -y -e decode-fds=socket", "ls"},
		{"--decode-pids=comm --quiet --quiet=exit ls", "-Y -q -e quiet=exit", "ls"},
		{"--strings-in-hex --strings-in-hex=non-ascii ls", "-xx -x", "ls"},
		{"--output-separately --seccomp-bpf --tips=full --daemonize ls", "-ff", "ls"},
		{"--summary-only --successful-only --failing-only ls", "-c -z -Z", "ls"},
	}
	for _, test := range tests {
		r, err := parseTrace(strings.Fields(test.line))
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
			continue
		}
		if got := strings.Join(r.words, " "); got != test.words {
			t.Errorf("%s: words %q, want %q", test.line, got, test.words)
		}
		if got := strings.Join(r.command, " "); got != test.command {
			t.Errorf("%s: command %q, want %q", test.line, got, test.command)
		}
	}
}

func TestParseTraceOwn(t *testing.T) {
	r, err := parseTrace(strings.Fields("-E A=1 -EB --env=C=x=y -u nobody --argv0 zero -h -V ls"))
	if err != nil {
		t.Fatal(err)
	}
	want := []envChange{{"A", "1", false}, {"B", "", true}, {"C", "x=y", false}}
	if d := cmp.Diff(want, r.env, cmp.AllowUnexported(envChange{})); d != "" {
		t.Error(d)
	}
	if r.user != "nobody" || r.argv0 != "zero" || !r.help || !r.version || len(r.words) != 0 {
		t.Errorf("got %+v", r)
	}
}

// TestParseTraceErrors has a command line and its message.
func TestParseTraceErrors(t *testing.T) {
	tests := []struct{ line, want string }{
		{"-Q ls", "invalid option -- 'Q'"},
		{"-fQ ls", "invalid option -- 'Q'"},
		{"-é ls", "invalid option -- 'é'"},
		{"-o", "option requires an argument -- 'o'"},
		{"-fo", "option requires an argument -- 'o'"},
		{"-I 9 ls", "invalid -I argument: '9'"},
		{"-E =x ls", "invalid -E argument: '=x'"},
		{"-p 1", "-p cannot be done"},
		{"--attach=1", "-p cannot be done"},
		{"-o |cat ls", "-o: piping"},
		{"-o !cat ls", "-o: piping"},
		{"--nothing ls", "unrecognized option '--nothing'"},
		{"--out ls", "option '--out' is ambiguous"},
		{"--debug=x ls", "option '--debug' doesn't allow an argument"},
		{"--trace", "option '--trace' requires an argument"},
		{"--absolute-timestamps=ns ls", "this argument of --absolute-timestamps is not known here: 'ns'"},
	}
	for _, test := range tests {
		if _, err := parseTrace(strings.Fields(test.line)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.line, err, test.want)
		}
	}
}

func TestQuoteWords(t *testing.T) {
	got := quoteWords([]string{"-o", "/a b/c", "it's", "", `\`, `"`, "plain,=%"})
	want := `-o '/a b/c' 'it'\''s' '' '\' '"' plain,=%`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTraceEnv(t *testing.T) {
	env := []string{"PATH=/bin", "LD_PRELOAD=/their.so", "SYSTRAP_OPTIONS=-f", "GONE=1", "KEPT="}
	r := &traceRequest{words: []string{"-o", "a b"}, env: []envChange{{"GONE", "", true}, {"NEW", "2", false}, {"PATH", "/x", false}}}
	want := []string{"PATH=/x", "LD_PRELOAD=/ours.so:/their.so", "SYSTRAP_OPTIONS=-f -o 'a b'", "KEPT=", "NEW=2"}
	if d := cmp.Diff(want, traceEnv(env, r, "/ours.so")); d != "" {
		t.Error(d)
	}
	want = []string{"A=1", "LD_PRELOAD=/ours.so"}
	if d := cmp.Diff(want, traceEnv([]string{"A=1"}, &traceRequest{}, "/ours.so")); d != "" {
		t.Error(d)
	}
}
