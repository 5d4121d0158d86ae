package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// hookLibc is the drop-in that is put into a copy of the C library.
var hookLibc = &dropins[3]

// systrapCommand is `make`'s build/systrap, or what the tests have built.
func systrapCommand(t *testing.T) string {
	t.Helper()
	return filepath.Join(filepath.Dir(tracerCommand(t)), "systrap")
}

// makeLibc makes a copy of the C library for the hook library at path, in dir.
func makeLibc(t *testing.T, dir, path string) string {
	t.Helper()
	if _, err := os.Stat("/lib/x86_64-linux-gnu/libc.so.6"); err != nil {
		t.Skip(err)
	}
	out := filepath.Join(dir, "libc-"+filepath.Base(path))
	cmd := exec.Command(systrapCommand(t), "hook-libc", path, "-o", out, "--tool", filepath.Join(dir, "hook-libc.so"))
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, text)
	}
	return out
}

// TestHookLibcKeeps is TestHooksKeep for a copy of the C library with a hook.
func TestHookLibcKeeps(t *testing.T) { keeps(t, hookLibc, "testdata/hooks/busy.c", hookedFixtures) }

// TestHookLibcTakes: with a hook that makes each call itself by syscall(2), also those that come back twice, or on another stack.
func TestHookLibcTakes(t *testing.T) {
	keeps(t, hookLibc, "testdata/hooks/takes.c", append(slices.Clone(hookedFixtures), "exec_spawn"))
}

// TestHookLibcPrograms: programs with a hook that counts, replaces results, and makes calls with other arguments; so have their
// children, with an emptied environment, too.
func TestHookLibcPrograms(t *testing.T) {
	dir := hookLibc.folder(t)
	libc := hookLibc.compile(t, dir, "testdata/hooks/sample.c")
	file, counts := filepath.Join(dir, "file"), filepath.Join(dir, "counts")
	if err := os.WriteFile(file, []byte("text\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		out  string
		min  int // processes that end by exit_group
	}{
		{[]string{"/bin/ls", "-d", "/", "/dev/null"}, "/\n/dev/null\n", 1},
		{[]string{"/bin/dash", "-c", "echo a; cat </nowhere/asked; cd / || echo no; uname -n; (exit 3) || echo $?; env -i /bin/uname -n"},
			"a\ntext\nno\nelsewhere\n3\nelsewhere\n", 4},
		{[]string{"/usr/bin/python3", "-c", `
import os, signal, subprocess, threading
signal.signal(signal.SIGUSR1, lambda *a: print("handled"))
os.kill(os.getpid(), signal.SIGUSR1)
def work(n): out[n] = os.getppid(), os.uname().nodename, open("/nowhere/asked").read()
out = {}
threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
for t in threads: t.start()
for t in threads: t.join()
print(len(out), set(out.values()))
print(subprocess.run(["uname", "-n"], capture_output=True).stdout)
pid = os.fork()
if pid == 0: os._exit(5)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
try: os.chdir("/")
except OSError as e: print(e.errno)
`}, "handled\n8 {(4711, 'elsewhere', 'text\\n')}\nb'elsewhere\\n'\n5\n18\n", 3},
	} {
		t.Run(filepath.Base(c.args[0]), func(t *testing.T) {
			if _, err := os.Stat(c.args[0]); err != nil {
				t.Skip(err)
			}
			for _, door := range []string{"SYSTRAP_DOOR=jump", "SYSTRAP_DOOR=trap", "SYSTRAP_DISCOVER=1", "SYSTRAP_DISCOVER=only", "SYSTRAP_TRAP=int3", "HOOK_THREAD=1"} {
				env := []string{door, "HOOK_FILE=" + file, "HOOK_COUNTS=" + counts}
				if door == "HOOK_THREAD=1" {
					env = append(env, "SYSTRAP_DISCOVER=1") // its calls, and its destructor's, come by the jump door
				}
				if door == "SYSTRAP_DISCOVER=only" && needs["dispatch"]() != "" {
					continue
				}
				os.Remove(counts)
				out, errs, status := hookLibc.run(t, dir, libc, env, c.args...)
				if errs = strings.ReplaceAll(errs, "/bin/dash: 1: cd: can't cd to /\n", ""); out != c.out || errs != "" || status != 0 {
					t.Errorf("%s: %q, %q, status %d, want %q", door, out, errs, status, c.out)
				}
				text, _ := os.ReadFile(counts)
				if n := strings.Count(string(text), "counted\n"); n < c.min || strings.Contains(string(text), "not") {
					t.Errorf("%s: %q, want %d processes or more", door, text, c.min)
				}
			}
			out, errs, status := hookLibc.run(t, dir, libc, []string{"SYSTRAP_ONLY=nobody"}, c.args[0], "--version")
			if !strings.Contains(out+errs, " ") || strings.Contains(errs, "hook-libc") {
				t.Errorf("SYSTRAP_ONLY: %q, %q, status %d", out, errs, status)
			}
		})
	}
}

// TestHookLibcUnloadable: a hook library that has gone, or is another one than when the copy was made, is a line, and the
// program runs without.
func TestHookLibcUnloadable(t *testing.T) {
	need(t, "sh")
	dir := hookLibc.folder(t)
	hook := filepath.Join(dir, "sample.so")
	libc := hookLibc.compile(t, dir, "testdata/hooks/sample.c")
	lacks, throws := filepath.Join(dir, "lacks.c"), filepath.Join(dir, "throws.cc")
	for path, text := range map[string]string{lacks: "int nothing;\n", throws: `extern "C" void init() { throw 5; } extern "C" int hook() { return -1; }` + "\n"} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		source, text, line string
	}{
		"gone":                 {"", "", `hook-libc: the hook library cannot be loaded: .*/sample.so: cannot open shared object file: No such file or directory`},
		"no ELF file":          {"", "#!/bin/sh\n" + strings.Repeat("# no library\n", 10), `hook-libc: the hook library cannot be loaded: .*/sample.so: invalid ELF header`},
		"another architecture": {"", elfHeader(2, 183, 3), `hook-libc: the hook library cannot be loaded: .*/sample.so: .*`},
		"no hook":              {lacks, "", `hook-libc: .*/sample.so has no function hook \(in C\+\+ it is extern "C"\)`},
	} {
		os.Remove(hook)
		if c.text != "" {
			if err := os.WriteFile(hook, []byte(c.text), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if c.source != "" {
			if text, err := exec.Command("gcc", "-shared", "-fPIC", "-o", hook, c.source).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
		}
		out, errs, status := hookLibc.run(t, dir, libc, nil, "/bin/sh", "-c", "echo runs; exit 3")
		if out != "runs\n" || status != 3 || !regexp.MustCompile(`^`+c.line+`; the program runs without hooks\n$`).MatchString(errs) {
			t.Errorf("%s: %q, %q, status %d", name, out, errs, status)
		}
	}
	need(t, "g++")
	if text, err := exec.Command("g++", "-shared", "-fPIC", "-o", hook, throws).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	const thrown = "terminate called after throwing an instance of 'int'\n"
	if out, errs, status := hookLibc.run(t, dir, libc, nil, "/bin/sh", "-c", "echo runs"); out != "" || status != -6 || errs != thrown {
		t.Errorf("init throws: %q, %q, status %d", out, errs, status)
	}
	// The tool by itself, in no copy of the C library.
	out, errs, status := hookLibc.run(t, dir, filepath.Join(dir, "hook-libc.so"), nil, "/bin/sh", "-c", "echo runs; exit 3")
	if out != "runs\n" || status != 3 || !strings.HasPrefix(errs, "hook-libc: in no file that systrap hook-libc has made") {
		t.Errorf("the tool by itself: %q, %q, status %d", out, errs, status)
	}
}

// TestHookLibcRefuses: what cannot be made is one line that says why, and there is no file.
func TestHookLibcRefuses(t *testing.T) {
	need(t, "sh")
	dir := hookLibc.folder(t)
	compile := func(name, text string) string {
		source := filepath.Join(dir, name+".c")
		if err := os.WriteFile(source, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(dir, name+".so")
		if text, err := exec.Command("gcc", "-shared", "-fPIC", "-o", out, source).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		return out
	}
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := compile("good", "int hook() { return -1; }")
	tool := filepath.Join(dir, "hook-libc.so")
	out := filepath.Join(dir, "out.so")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"not found":            {[]string{filepath.Join(dir, "none.so")}, "none.so: no such file"},
		"a folder":             {[]string{dir}, "not a regular file"},
		"a source":             {[]string{filepath.Join(dir, "good.c")}, "a source: compile it (cc -shared -fPIC "},
		"text":                 {[]string{file("text.so", "no library\n")}, "not an ELF file"},
		"empty":                {[]string{file("empty.so", "")}, "not an ELF file"},
		"of 32 bits":           {[]string{file("bits.so", elfHeader(1, 3, 3))}, "32-bit"},
		"another architecture": {[]string{file("arm.so", elfHeader(2, 183, 3))}, "only x86-64 is traced"},
		"a program":            {[]string{"/bin/sh"}, "no shared library"},
		"without the function": {[]string{compile("lacks", "int nothing;")}, "has no function hook (in C++ it is extern \"C\")"},
		"a variable":           {[]string{compile("variable", "int hook;")}, "has no function hook"},
		"zpoline's":            {[]string{compile("zpoline", "int __hook_init(long a, void *b) { return 0; }")}, "zpoline's __hook_init"},
		"its own way":          {[]string{compile("points", "extern int intercept_hook_point; int *use(void) { return &intercept_hook_point; }")}, "libsyscall_intercept's"},
		"no C library":         {[]string{good, "--libc", "/bin/sh"}, "is not glibc's libc.so.6"},
		"none":                 {[]string{good, "--libc", filepath.Join(dir, "none.so.6")}, "none.so.6: no such file"},
		"no tool":              {[]string{good, "--tool", good}, "not a library that `systrap build` made"},
		"no folder":            {[]string{good, "-o", filepath.Join(dir, "none", "out.so")}, "No such file"},
		"onto the hook":        {[]string{good, "-o", good}, "is " + good + " itself"},
		"onto the C library":   {[]string{good, "-o", "/lib/x86_64-linux-gnu/libc.so.6"}, "is the file itself"},
	} {
		args := append([]string{"hook-libc"}, c.args...)
		if !slices.Contains(args, "--tool") {
			args = append(args, "--tool", tool)
		}
		if !slices.Contains(args, "-o") {
			args = append(args, "-o", out)
		}
		cmd := exec.Command(systrapCommand(t), args...)
		text, _ := cmd.CombinedOutput()
		if status := cmd.ProcessState.ExitCode(); status != 1 || !strings.Contains(string(text), c.want) || strings.Count(string(text), "\n") != 1 ||
			!strings.HasPrefix(string(text), "systrap hook-libc: ") {
			t.Errorf("%s: status %d, %q, want one line with %q", name, status, text, c.want)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: there is a file all the same", name)
			os.Remove(out)
		}
	}
	for _, args := range [][]string{{}, {good, good}, {"--nothing", good}} {
		cmd := exec.Command(systrapCommand(t), append([]string{"hook-libc"}, args...)...)
		if text, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 2 {
			t.Errorf("%q: status %d, %s", args, cmd.ProcessState.ExitCode(), text)
		}
	}
	// A copy of a copy.
	cmd := exec.Command(systrapCommand(t), "hook-libc", good, "--tool", tool, "--libc", makeLibc(t, dir, good), "-o", out)
	if text, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(text), "has been rewritten already") {
		t.Errorf("a copy of a copy: %s", text)
	}
}
