package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestHarnessFails proves that the harness sees what it is there for: each of
// these would be a false success.
func TestHarnessFails(t *testing.T) {
	if nativeTwice {
		t.Skip("nothing is trapped with E2E_NATIVE_TWICE")
	}
	sh := func(script string) []string { return []string{"/bin/sh", "-c", script} }
	tests := []struct {
		name string
		spec spec
		lib  string
		want string // in one of the differences
	}{
		{"no-library", spec{args: []string{"/bin/true"}}, "", "not trapped: "},
		{"missing-library", spec{args: []string{"/bin/true"}}, "/nonexistent.so", "not trapped: "},
		{"other-executable", spec{args: []string{"/bin/true"}, exes: []string{"false"}}, silentLib, "no call of false"},
		{"stdout", spec{args: sh(`echo "$LD_PRELOAD"`)}, silentLib, "stdout differs"},
		{"stderr", spec{args: sh(`echo "$LD_PRELOAD" >&2`)}, silentLib, "stderr differs"},
		{"file", spec{args: sh(`echo "$LD_PRELOAD" > f`)}, silentLib, "file f: "},
		{"extra-file", spec{args: sh(`[ -z "$LD_PRELOAD" ] || echo > f`)}, silentLib, "natively none"},
		{"mode", spec{args: sh(`echo > f; [ -z "$LD_PRELOAD" ] || chmod 600 f`)}, silentLib, "file f: "},
		{"status", spec{args: sh(`[ -z "$LD_PRELOAD" ] || exit 3`)}, silentLib, "status: exit 3"},
		{"signal", spec{args: sh(`[ -z "$LD_PRELOAD" ] || kill -9 $$`)}, silentLib, "status: signal 9"},
		{"hang", spec{args: sh(`[ -z "$LD_PRELOAD" ] || sleep 600`), patience: time.Minute}, silentLib, "hangs:\nprocess"},
		{"daemon", spec{args: sh(`[ -z "$LD_PRELOAD" ] || setsid sleep 60 & sleep 0.2`)}, silentLib, "processes left behind: [sleep]"},
		{"own-line", spec{args: sh(`true`), ownLines: []string{"silent: .*"}}, silentLib, "no line of ours like"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.spec.name = t.Name()
			diffs, err := differences(&tt.spec, tt.lib)
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(diffs, "\n"); !strings.Contains(all, tt.want) {
				t.Errorf("differences: %q, none of them says %q", all, tt.want)
			}
		})
	}
}

// TestHarnessSucceeds is the counterpart: nothing is found where there is
// nothing.
func TestHarnessSucceeds(t *testing.T) {
	compare(t, spec{args: []string{"/bin/true"}, exes: []string{"true"}})
	// A killed process cannot report; what it started can.
	compare(t, spec{args: []string{"/bin/sh", "-c", "/bin/true; kill -9 $$"}, status: "signal 9 (killed)", exes: []string{"true"}})
}

func TestCheckReport(t *testing.T) {
	tests := []struct {
		name, text, want string
		counters         []counter
	}{
		{"none trapped", `{"pid":1,"exe":"/bin/a","sites":9,"trapped":0}`, "no call was", nil},
		{"torn", `{"pid":1,"exe":"/bin/a","si`, "report line", nil},
		{"empty", ``, "no process", nil},
		{"fine", `{"pid":1,"exe":"/bin/a","sites":9,"trapped":7}` + "\n", "", nil},
		{"counter missing", `{"pid":1,"exe":"/bin/a","sites":9,"trapped":7}`, "a.b is 0", []counter{{"a.b", 1}}},
		{"counter small", `{"pid":1,"exe":"/bin/a","trapped":7,"a":{"b":2}}`, "a.b is 2", []counter{{"a.b", 3}}},
		{"counters of two", `{"trapped":7,"a":{"b":2}}` + "\n" + `{"trapped":7,"a":{"b":1}}`, "", []counter{{"a.b", 3}, {"trapped", 14}}},
	}
	for _, tt := range tests {
		path := filepath.Join(t.TempDir(), "report")
		if err := os.WriteFile(path, []byte(tt.text), 0o644); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(checkReport(path, nil, tt.counters, ""), "\n")
		if !strings.Contains(got, tt.want) || (tt.want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
