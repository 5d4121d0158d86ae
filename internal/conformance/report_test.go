package main

import (
	"strings"
	"testing"
)

const someCauses = `# a comment
cannot: attaching
attach
detach
fails: not written yet
ioctl_a ioctl_b
`

func TestJudge(t *testing.T) {
	causes, err := parseCauses(someCauses)
	if err != nil {
		t.Fatal(err)
	}
	theirs := parseResults("PASS\topen.gen.test\t0.1\t\nPASS\tattach.test\nPASS\tdetach.test\nPASS\tioctl_a.gen.test\nFAIL\tbroken.test\nSKIP\tioctl_b.gen.test\nPASS\tread.gen.test\n")
	ours := parseResults("PASS\topen.gen.test\nFAIL\tattach.test\nPASS\tdetach.test\nTIMEOUT\tioctl_a.gen.test\nFAIL\tbroken.test\nFAIL\tioctl_b.gen.test\nSKIP\tread.gen.test\n")
	r := judge(theirs, ours, []string{"open", "read", "broken"}, causes)
	if r.all != 7 || r.valid != 5 || r.passed != 2 || r.cannot != 2 || r.cannotPassed != 1 || r.attemptable != 3 ||
		r.firstValid != 2 || r.firstPassed != 1 {
		t.Errorf("%+v", r)
	}
	// A skipped test has not passed, and has no cause.
	if len(r.unexplained) != 1 || r.unexplained[0] != "read" {
		t.Errorf("unexplained: %q", r.unexplained)
	}
	text := r.text()
	for _, want := range []string{"attaching (1):\n\n`attach`\n", "not written yet (1):\n\n`ioctl_a`\n", "looked why\n\n`read`\n",
		"| can attempt | 1 | 3 | 33.3 % |"} {
		if !strings.Contains(strings.ReplaceAll(text, "of these, those that a tracer inside the process can", "can"), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestParseCausesRejects(t *testing.T) {
	for _, text := range []string{"open\n", "fails: a\nopen\nfails: b\nopen\n"} {
		if c, err := parseCauses(text); err == nil {
			t.Errorf("%q: %v", text, c)
		}
	}
}

// TestCauses checks the file itself.
func TestCauses(t *testing.T) {
	if c, err := parseCauses(causesText); err != nil || len(c) == 0 {
		t.Errorf("%v, %v", c, err)
	}
}

func TestCheckSaysWhatIsMissing(t *testing.T) {
	for _, c := range []config{{}, {src: "/none"}, {src: t.TempDir()}} {
		if err := c.check(); err == nil || !strings.Contains(err.Error(), "STRACE_SRC") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
