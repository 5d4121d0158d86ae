package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const rewriteText = `
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
	if (argc > 1 && !strcmp(argv[1], "child")) return write(1, "child\n", 6) == 6 ? 4 : 1;
	long r;
	__asm__ volatile("mov $39, %%eax; syscall" : "=a"(r) : : "rcx", "r11", "memory");
	printf("%d\n", r == getpid());
	fflush(stdout);
	for (int i = 0; i < 50; i++) r += getppid() == 0;
	int status = 0;
	pid_t pid = fork();
	if (!pid) { execl(argv[0], argv[0], "child", (char *)0); _exit(9); }
	waitpid(pid, &status, 0);
	printf("%d\n", WEXITSTATUS(status));
	return 3;
}
`

const rewriteOut = "1\nchild\n4\n"

// runRewritten runs a program in dir and returns what it wrote, its status and the reports.
func runRewritten(t *testing.T, dir string, env []string, args ...string) (out string, status int, reports []reportLine) {
	t.Helper()
	report := filepath.Join(t.TempDir(), "report")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, append(append(fixedEnv(dir), "SYSTRAP_REPORT="+report), env...)
	b, _ := cmd.CombinedOutput()
	reports, _ = readReport(report)
	return string(b), cmd.ProcessState.ExitCode(), reports
}

// TestRewrite: a rewritten program of each kind runs as before, without a library in its environment, and its calls come by what was
// written into it: nothing is discovered, and most come by jumps where the machine has that door. So does its child.
func TestRewrite(t *testing.T) {
	for name, c := range map[string]struct {
		cc    string
		flags []string
	}{
		"static":       {"gcc", []string{"-static"}},
		"static-pie":   {"gcc", []string{"-static-pie", "-fPIE"}},
		"stripped":     {"gcc", []string{"-static", "-s"}},
		"musl":         {"musl-gcc", []string{"-static"}},
		"dynamic":      {"gcc", nil},
		"not position": {"gcc", []string{"-no-pie"}},
	} {
		t.Run(name, func(t *testing.T) {
			need(t, c.cc)
			dir := t.TempDir()
			source, native, program := filepath.Join(dir, "p.c"), filepath.Join(dir, "native"), filepath.Join(dir, "p")
			if err := os.WriteFile(source, []byte(rewriteText), 0o644); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(c.cc, append(c.flags, "-O1", "-o", native, source)...).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if err := rewriteFile(native, program, silentLib); err != nil {
				t.Fatal(err)
			}
			for _, env := range []string{"A=1", "SYSTRAP_DOOR=trap", "SYSTRAP_TRAP=int3", "SYSTRAP_DISCOVER=0", "SYSTRAP_DISCOVER=only", "SYSTRAP_ONLY=nobody", "SYSTRAP_ONLY=p"} {
				if env == "SYSTRAP_DISCOVER=only" && needs["dispatch"]() != "" {
					continue
				}
				out, status, reports := runRewritten(t, dir, []string{env}, program)
				if out != rewriteOut || status != 3 {
					t.Errorf("%s: %q, status %d", env, out, status)
				}
				if env == "SYSTRAP_ONLY=nobody" {
					if len(reports) != 0 {
						t.Errorf("%s: traced all the same", env)
					}
					continue
				}
				if len(reports) < 2 {
					t.Fatalf("%s: %d reports, want the program's and the child's", env, len(reports))
				}
				for _, r := range reports {
					// The C library of a dynamic one is not rewritten; its child has the library by LD_PRELOAD first.
					if len(c.flags) > 0 && c.flags[0] != "-no-pie" && r.Start != "rewrite" || r.Trapped == 0 {
						t.Errorf("%s: begun by %q, %d calls", env, r.Start, r.Trapped)
					}
				}
			}
			// The tool in front of it: it stays out.
			systrap := filepath.Join(filepath.Dir(tracerCommand(t)), "systrap")
			out, status, reports := runRewritten(t, dir, nil, systrap, "run", "--tool", silentLib, program)
			if out != rewriteOut || status != 3 || len(reports) < 2 || reports[0].Start != "inject" {
				t.Errorf("injected: %q, status %d, reports %+v", out, status, reports)
			}
		})
	}
}

// TestRewriteGo: Go's programs, with threads, preemption by signals and children.
func TestRewriteGo(t *testing.T) {
	dir := t.TempDir()
	for _, mode := range []string{"exe", "pie"} {
		program := filepath.Join(dir, mode)
		if err := rewriteFile(buildGoThreads(t, mode), program, silentLib); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			out, status, reports := runRewritten(t, dir, nil, program)
			if out != goThreadsOut || status != 4 || len(reports) != 161 {
				t.Fatalf("%s: %q, status %d, %d reports", mode, out, status, len(reports))
			}
		}
	}
}

// TestRewriteLibrary: a rewritten shared library, by its resolvers or its initialiser, in the place of its own.
func TestRewriteLibrary(t *testing.T) {
	need(t, "gcc")
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "r"), 0o755); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"lib.c": `long ask(void) { long r; __asm__ volatile("mov $39, %%eax; syscall" : "=a"(r) : : "rcx", "r11", "memory"); return r; }`,
		"use.c": `#include <stdio.h>
#include <unistd.h>
long ask(void);
int main(void) { printf("%d\n", ask() == getpid()); return 7; }`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"-O1", "-shared", "-fPIC", "-o", "libask.so", "lib.c"}, {"-O1", "-o", "use", "use.c", "-L.", "-lask"},
	} {
		cmd := exec.Command("gcc", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	if err := rewriteFile(filepath.Join(dir, "libask.so"), filepath.Join(dir, "r", "libask.so"), silentLib); err != nil {
		t.Fatal(err)
	}
	if out, status, reports := runRewritten(t, dir, []string{"LD_LIBRARY_PATH=" + dir + "/r"}, dir+"/use"); out != "1\n" || status != 7 || len(reports) != 1 || reports[0].Start != "rewrite" {
		t.Errorf("%q, status %d, reports %+v", out, status, reports)
	}
	libc, err := libcCopy()
	if err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(libc, filepath.Join(dir, "r", "libc.so.6")); err != nil {
		t.Fatal(err)
	}
	for _, env := range []string{"LD_PRELOAD=" + libc, "LD_LIBRARY_PATH=" + dir + "/r:" + dir} { // the second with two libraries that have the tool
		out, status, reports := runRewritten(t, dir, []string{env, "LD_LIBRARY_PATH=" + dir + "/r:" + dir}, dir+"/use")
		if out != "1\n" || status != 7 || len(reports) != 1 || reports[0].Start != "rewrite" {
			t.Errorf("%s: %q, status %d, reports %+v", env, out, status, reports)
		}
	}
	if out, status, reports := runRewritten(t, dir, []string{"LD_PRELOAD=" + libc}, "sh", "-c", "echo a; ls /dev/null; exit 5"); out != "a\n/dev/null\n" || status != 5 || len(reports) != 2 {
		t.Errorf("%q, status %d, reports %+v", out, status, reports)
	}
}

// TestRewriteText: the trace of a rewritten program is that of the program under systrap trace, but for the numbers.
func TestRewriteText(t *testing.T) {
	tracer := tracerCommand(t)
	for _, flag := range []string{"-static", "-static-pie"} {
		dir := t.TempDir()
		native, program := compileText(t, rewriteText, flag), filepath.Join(dir, "p")
		if err := os.Rename(native, program); err != nil {
			t.Fatal(err)
		}
		texts := [2]string{}
		for i := range texts {
			trace := filepath.Join(dir, "trace")
			args, env := []string{filepath.Join(filepath.Dir(tracer), "systrap"), "trace", "-f", "-o", trace, program}, []string(nil)
			if i == 1 {
				if err := rewriteInPlace(program, traceLib); err != nil {
					t.Fatal(err)
				}
				args, env = []string{program}, []string{"SYSTRAP_OPTIONS=-f -o " + trace}
			}
			if out, status, _ := runRewritten(t, dir, env, args...); out != rewriteOut || status != 3 {
				t.Errorf("%s: %q, status %d", args, out, status)
			}
			b, err := os.ReadFile(trace)
			if err != nil {
				t.Fatal(err)
			}
			texts[i] = withoutNumbers(string(b))
		}
		if texts[0] != texts[1] {
			t.Errorf("%s:\n%s", flag, strings.Join(diffText("trace", texts[0], texts[1]), "\n"))
		}
	}
}

var (
	varying = regexp.MustCompile(`0x[0-9a-f]+|\b\d{3,}\b|\\x[0-9a-f]{2}|\d+ vars`)
	random  = regexp.MustCompile(`getrandom\(.*|SIGCHLD \{.*|.*brk\(.*`)
	spaces  = regexp.MustCompile(` +`)
)

// withoutNumbers takes out what differs between two runs of one program, with the lines of each process behind those of the one
// before.
func withoutNumbers(trace string) string {
	lines := map[string]*strings.Builder{}
	var order []*strings.Builder
	for pid, line := range wholeLines(strings.TrimRight(trace, "\x00")) {
		if lines[pid] == nil {
			lines[pid] = &strings.Builder{}
			order = append(order, lines[pid])
		}
		if random.MatchString(line) || strings.Contains(line, "wait4") {
			continue
		}
		lines[pid].WriteString(spaces.ReplaceAllString(varying.ReplaceAllString(line, "N"), " ") + "\n")
	}
	var b strings.Builder
	for _, o := range order {
		b.WriteString(o.String())
	}
	return b.String()
}

// TestRewriteIsELF: what reads ELF files has nothing against a rewritten one that it has not against the file itself.
func TestRewriteIsELF(t *testing.T) {
	dir := t.TempDir()
	for name, path := range map[string]string{
		"static": compileText(t, rewriteText, "-static", "-g"), "static-pie": compileText(t, rewriteText, "-static-pie", "-g"),
		"dynamic": compileText(t, rewriteText, "-g"), "libc": "/lib/x86_64-linux-gnu/libc.so.6",
	} {
		out := filepath.Join(dir, name)
		if err := rewriteFile(path, out, silentLib); err != nil {
			t.Fatal(err)
		}
		t.Run("readelf/"+name, func(t *testing.T) {
			need(t, "readelf")
			cmd := exec.Command("readelf", "-a", "-W", out)
			var errs bytes.Buffer
			cmd.Stderr = &errs
			if err := cmd.Run(); err != nil || errs.Len() > 0 {
				t.Errorf("%v: %s", err, errs.String())
			}
			for _, what := range []string{"-n", "-V", "-s", "--debug-dump=info", "--debug-dump=frames"} {
				a, _ := exec.Command("readelf", "-W", what, path).Output()
				b, _ := exec.Command("readelf", "-W", what, out).Output()
				if !bytes.HasPrefix(bytes.ReplaceAll(b, []byte(out), []byte(path)), bytes.TrimRight(a, "\n")) {
					t.Errorf("%s says something else", what)
				}
			}
		})
		t.Run("eu-elflint/"+name, func(t *testing.T) {
			need(t, "eu-elflint")
			lint := func(path string) (lines []string) {
				out, _ := exec.Command("eu-elflint", "--gnu-ld", path).Output()
				for line := range strings.Lines(string(out)) {
					if !strings.Contains(line, "'libsystrap'") && strings.TrimSpace(line) != "No errors" { // its note
						lines = append(lines, line)
					}
				}
				return lines
			}
			if a, b := lint(path), lint(out); len(a) != len(b) {
				t.Errorf("%q, of the file itself %q", b, a)
			}
		})
		t.Run("eu-strip/"+name, func(t *testing.T) {
			need(t, "eu-strip")
			if name == "libc" {
				t.Skip("it has no symbols to lose")
			}
			if text, err := exec.Command("eu-strip", "-o", out+".s", out).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, text)
			}
			if text, status, reports := runRewritten(t, dir, nil, out+".s"); text != rewriteOut || status != 3 || len(reports) < 2 {
				t.Errorf("%q, status %d, %d reports", text, status, len(reports))
			}
		})
		t.Run("gdb/"+name, func(t *testing.T) {
			need(t, "gdb")
			program, env := out, "A=1"
			if name == "libc" {
				program, env = compileText(t, rewriteText), "LD_PRELOAD="+out
			}
			text, err := exec.Command("gdb", "-nx", "-batch", "-ex", "set exec-wrapper env "+env, "-ex", "handle SIGSYS SIGILL nostop noprint pass",
				"-ex", "break getppid", "-ex", "run", "-ex", "bt", "-ex", "delete", "-ex", "continue", program).CombinedOutput()
			if err != nil || !regexp.MustCompile(`(?m)^#0 .*getppid[^\n]*\n#1 .* in main \(`).Match(text) || !bytes.Contains(text, []byte("exited with code 03")) {
				t.Errorf("%v: %s", err, text)
			}
		})
	}
}

// TestRewriteRefuses: what cannot be rewritten is left, with one line that says why.
func TestRewriteRefuses(t *testing.T) {
	systrap := filepath.Join(filepath.Dir(tracerCommand(t)), "systrap")
	dir := t.TempDir()
	static := compileText(t, rewriteText, "-static")
	file := func(name string) string { return filepath.Join(dir, name) }
	if err := rewriteFile(static, file("rewritten"), silentLib); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(static)
	if err != nil {
		t.Fatal(err)
	}
	setuid, script, narrow := file("setuid"), file("script"), file("narrow")
	class := bytes.Clone(data)
	class[4] = 1
	for path, b := range map[string][]byte{setuid: data, script: []byte("#!/bin/sh\n"), narrow: class, file("cut"): data[:100], file("text"): []byte("text\n")} {
		if err := os.WriteFile(path, b, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(setuid, 0o755|os.ModeSetuid); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, tool, want string }{
		{file("rewritten"), silentLib, "has been rewritten already"},
		{silentLib, silentLib, "a tool"},
		{setuid, silentLib, "set-user-ID"},
		{script, silentLib, "a script"},
		{narrow, silentLib, "32-bit"},
		{file("cut"), silentLib, "malformed"},
		{file("text"), silentLib, "not an ELF file"},
		{file("none"), silentLib, "no such file"},
		{"/lib64/ld-linux-x86-64.so.2", silentLib, "a dynamic loader"},
		{static, static, "not a library that `systrap build` made"},
		{static, file("rewritten"), "not a library"},
	} {
		if _, err := os.Stat(c.path); err != nil && c.path != file("none") {
			continue
		}
		cmd := exec.Command(systrap, "rewrite", c.path, "--tool", c.tool, "-o", file("out"))
		text, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(text), c.want) || strings.Count(string(text), "\n") != 1 {
			t.Errorf("%s: status %d, %q, want one line with %q", c.path, cmd.ProcessState.ExitCode(), text, c.want)
		}
		if _, err := os.Stat(file("out")); err == nil {
			t.Errorf("%s: there is a file all the same", c.path)
			os.Remove(file("out"))
		}
	}
	for _, args := range [][]string{{"rewrite"}, {"rewrite", static}, {"rewrite", "-o", file("out")}, {"rewrite", static, static, "-o", file("out")}} {
		cmd := exec.Command(systrap, args...)
		if text, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 2 {
			t.Errorf("%q: status %d, %s", args, cmd.ProcessState.ExitCode(), text)
		}
	}
	cmd := exec.Command(systrap, "rewrite", static, "-o", static, "--tool", silentLib)
	if text, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(text), "is the file itself") {
		t.Errorf("onto itself: %s", text)
	}
}
