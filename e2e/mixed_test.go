package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"libsystrap/e2e/tracelog"
)

// TestMixedLog has lines written while processes are killed in the middle of theirs, execute
// themselves and install a filter that ends the mapped part of the log: none is torn, lost or
// there twice. The beginning of a line that a process wrote for another one, which then killed it, was lost
// with write(2), and the other one waited two seconds for it.
func TestMixedLog(t *testing.T) {
	need(t, "gcc")
	ours := tracerCommand(t)
	program := filepath.Join(workRoot, "mixed")
	if out, err := exec.Command("gcc", "-O1", "-D_GNU_SOURCE", "-pthread", "-o", program, "testdata/lib/mixed.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	const marks = (4*6 + 10) * 100 // mixed.c: threads of workers, and execs
	// Long lines only where they are mapped: the kernel ends a write(2) of a killed process between
	// two pages of the file.
	for _, c := range []struct{ how, options string }{{"plain", "-s 4000"}, {"filtered", ""}, {"plain", "-A"}} {
		if c.how == "filtered" && needs["seccomp"]() != "" {
			continue
		}
		t.Run(c.how+c.options, func(t *testing.T) {
			eachWay(t, func(t *testing.T, alone bool) {
				log := filepath.Join(t.TempDir(), "log")
				options := strings.TrimSpace(c.options + " -f -o " + log)
				args := append([]string{"-s", "ABRT", "240", ours}, strings.Fields(options)...)
				if alone {
					args = []string{"-s", "ABRT", "240", "env", "LD_PRELOAD=" + traceLib, "SYSTRAP_OPTIONS=" + options}
				}
				cmd := exec.Command("timeout", append(args, program, c.how, "6", "100")...)
				cmd.Env = fixedEnv(workRoot)
				if cmd.Run(); cmd.ProcessState.ExitCode() != 6 {
					t.Errorf("%v, want exit status 6", cmd.ProcessState)
				}
				text, err := os.ReadFile(log)
				if err != nil {
					t.Fatal(err)
				}
				if c.how == "filtered" || c.options == "-A" { // not all is mapped
					text = withoutCuts(text, c.how == "filtered")
				}
				l, err := tracelog.Read(bytes.NewReader(text))
				if err != nil {
					t.Error(err)
				}
				times := make([]int, marks)
				for _, numbers := range l.Marks {
					for _, n := range numbers {
						times[n]++
					}
				}
				for n, k := range times {
					if k != 1 {
						t.Errorf("marked call %d is there %d times", n, k)
						break
					}
				}
			})
		})
	}
}

// lineBegins is how a line of a trace begins.
var lineBegins = regexp.MustCompile(`^\d+ +(\w+\(|<\.\.\. |\+\+\+ |--- )`)

// withoutCuts leaves out beginnings of lines that end where a page of the file does, before another line, if
// there is a line that begins so, or none of the thread's afterwards: the kernel ends the write(2) of a process that is killed between
// two pages (ARCHITECTURE.md, Limits). Pages are no longer known where gaps in the log's mapped part have been closed.
func withoutCuts(text []byte, closed bool) []byte {
	const page = 4096
	for at := len(text) - 1; at > 0; at-- {
		if at%page != 0 && !closed || text[at-1] == '\n' {
			continue
		}
		begin := bytes.LastIndexByte(text[:at], '\n') + 1
		cut, rest := text[begin:at], text[at:]
		within := text[at-1] >= '0' && text[at-1] <= '9' // a number, perhaps
		if lineBegins.Match(rest) && lineBegins.Match(cut) && (anyLine(rest, cut) || !(closed && within) && !goesOn(rest, cut)) {
			text = append(text[:begin:begin], rest...)
			at = begin
		}
	}
	return text
}

// anyLine says whether a line of text begins so.
func anyLine(text, begins []byte) bool {
	return bytes.HasPrefix(text, begins) || bytes.Contains(text, append([]byte{'\n'}, begins...))
}

// goesOn says whether the thread of a line has others in text than that of its being killed.
func goesOn(text, line []byte) bool {
	id, _, _ := bytes.Cut(line, []byte{' '})
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(line, append(id[:len(id):len(id)], ' ')) && !bytes.HasSuffix(line, []byte(" +++ killed by SIGKILL +++\n")) {
			return true
		}
	}
	return false
}
