package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestParseTrace has a command line, the words the library gets, and the
// command.
func TestParseTrace(t *testing.T) {
	tests := []struct{ line, words, command string }{
		{"ls -l", "", "ls -l"},
		{"-- ls -l", "", "ls -l"},
		{"-f ls -t", "-f", "ls -t"},
		{"-tt -T -- -odd", "-t -t -T", "-odd"},
		{"-qq -q ls", "-q -q -q", "ls"},
		{"-o x.out ls", "-o x.out", "ls"},
		{"-ox.out ls", "-o x.out", "ls"},
		{"-fqox.out ls", "-f -q -o x.out", "ls"},
		{"-e trace=open,close -s 10 ls", "-e trace=open,close -s 10", "ls"},
		{"-etrace=open -s10 -a40 -P /x -X raw ls", "-e trace=open -s 10 -a 40 -P /x -X raw", "ls"},
		{"-I 3 -d -F ls", "-F", "ls"},
		{"-- -- ls", "", "-- ls"},
		{"- ls", "", "- ls"},
		{"--output x.out --follow-forks ls", "--output x.out --follow-forks", "ls"},
		{"--output=x.out --output-a ls", "--output x.out --output-append-mode", "ls"},
		{"--trace=%file --string-limit 9 ls", "--trace %file --string-limit 9", "ls"},
		{"--absolute-timestamps=unix,us --timestamps ls", "--absolute-timestamps=unix,us --timestamps", "ls"},
		{"--relative-timestamps ls -r", "--relative-timestamps", "ls -r"},
		{"--quiet --quiet=exit ls", "--quiet --quiet=exit", "ls"},
		{"--output-separately --seccomp-bpf ls", "--output-separately --seccomp-bpf", "ls"},
		{"--read= --trace all ls", "--read  --trace all", "ls"},
		{"-D --daemonize=pgroup ls", "", "ls"},
		{"--summary-only --failing-only ls", "--summary-only --failing-only", "ls"},
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
	r, err := parseTrace(strings.Fields("-E A=1 -EB --env=C=x=y -u nobody -h -V ls"))
	if err != nil {
		t.Fatal(err)
	}
	want := []envChange{{"A", "1", false}, {"B", "", true}, {"C", "x=y", false}}
	if d := cmp.Diff(want, r.env, cmp.AllowUnexported(envChange{})); d != "" {
		t.Error(d)
	}
	if r.user != "nobody" || !r.help || !r.version || len(r.words) != 0 {
		t.Errorf("got %+v", r)
	}
}

// TestParseTraceErrors has a command line and its message.
func TestParseTraceErrors(t *testing.T) {
	tests := []struct{ line, want string }{
		{"-Q ls", "invalid option -- 'Q'"},
		{"-fQ ls", "invalid option -- 'Q'"},
		{"-o", "option requires an argument -- 'o'"},
		{"-fo", "option requires an argument -- 'o'"},
		{"-I 9 ls", "invalid -I argument: '9'"},
		{"--interruptible=9 ls", "invalid --interruptible argument: '9'"},
		{"--attach=0", "Invalid process id: '0'"},
		{"-p 0", "Invalid process id: '0'"},
		{"-p 1,x", "Invalid process id: 'x'"},
		{"--nothing ls", "unrecognized option '--nothing'"},
		{"--out ls", "option '--out' is ambiguous"},
		{"--systrap-c ls", "unrecognized option '--systrap-c'"},
		{"--debug=x ls", "option '--debug' doesn't allow an argument"},
		{"--trace", "option '--trace' requires an argument"},
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
	own := regexp.MustCompile("'?--systrap-[^ ]+( trace')? ")
	filters := regexp.MustCompile("(U|F[0-9a-f]+)$") // what there is on this machine
	got := traceEnv(env, r, "/ours.so", &output{logFd: 500, countsFd: -1, aliveFd: 502, mapFd: 503})
	for i := range got {
		got[i] = filters.ReplaceAllString(own.ReplaceAllString(got[i], ""), "")
	}
	want := []string{"PATH=/x", "LD_PRELOAD=/ours.so:/their.so", "SYSTRAP_OPTIONS=-f -o 'a b'", "KEPT=", "NEW=2", "SYSTRAP_STATE=500,-1,502,503:NP"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	got = traceEnv([]string{"A=1"}, &traceRequest{}, "/ours.so", &output{logFd: -1, countsFd: 501, aliveFd: -1, mapFd: -1})
	if len(got) != 4 || got[1] != "LD_PRELOAD=/ours.so" || filters.ReplaceAllString(got[3], "") != "SYSTRAP_STATE=-1,501,-1,-1:NLO" {
		t.Errorf("got %q", got)
	}
}
