package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// logPlace is what each line begins with: an object, and where in it the call is made.
var logPlace = regexp.MustCompile(`^(/\S+) 0x[0-9a-f]+ -- `)

// hookLog returns the lines of a log, without their places.
func hookLog(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i, l := range lines {
		place := logPlace.FindStringSubmatch(l)
		if place == nil {
			t.Fatalf("no place: %q", l)
		}
		if _, err := os.Stat(place[1]); err != nil {
			t.Errorf("%v: %q", err, l)
		}
		lines[i] = l[len(place[0]):]
	}
	return lines
}

// TestHooksLogText has calls answered by a hook, and compares their lines with what others who read this log know.
func TestHooksLogText(t *testing.T) {
	dir := hookFolder(t)
	hook := compileHook(t, dir, "testdata/hooks/answers.c")
	program := compileFile(t, "testdata/hooks/logged.c")
	z := strings.Repeat("z", 122)
	pointer := "0x[0-9a-f]{16}"
	want := []string{
		// before; the result, and the arguments behind the call where they differ
		`pread64(3, ` + pointer + `, 5, 8589934592)`, `pread64(3, "taken\tfrom", 5, 8589934592) = 10`,
		`pread64(-3, (null), 5, -1)`, ` = 10`,
		`openat(AT_FDCWD, "a b", O_WRONLY | O_DIRECTORY | O_NOFOLLOW)`, ` = 10`,
		`openat(4, "made", O_RDWR | O_CREAT | O_EXCL, 0640)`, ` = 10`,
		`openat(4, ".", O_RDWR | O_CLOEXEC | O_TMPFILE, 00)`, ` = 10`,
		`write(1, "` + z + `", 122)`, ` = 10`,
		`write(1, "` + z + `...", 123)`, ` = 10`,
		`unlink("` + z + `...")`, ` = 10`,
		`unlink("` + z + `")`, ` = 10`,
		`unlink(0xabc000)`, ` = 10`,
		`access("", F_OK)`, ` = 10`,
		`access("q\"\\\x7f", R_OK | X_OK)`, ` = 10`,
		`lseek(7, -5, SEEK_DATA)`, ` = 10`,
		`lseek(7, 5, 0x63)`, ` = 10`,
		`fcntl(7, 7 (F_SETLKW), ` + pointer + ` ({.l_type = 0 (F_RDLCK), .l_whence = 1 (SEEK_CUR), .l_start = -1, .l_len = 9, .l_pid = 5}))`, ` = 10`,
		`fcntl(7, 0 (F_DUPFD), 0x14)`, ` = 10`,
		`fcntl(7, 4000 (unknown), 0x1)`, ` = 10`,
		`pipe2(` + pointer + `, 524288)`, `pipe2([40, 41], 524288) = 10`,
		`mmap((null), 0x1000, 0x3, 0x22, -1, 0x0)`, ` = 0x000000000000000a`,
		`kill(0x5, 0x9)`, ` = 10`,
		`umask(022)`, ` = 012`,
		`mkdirat(AT_FDCWD, "d", 00)`, ` = 10`,
		`setxattr("f", "user.k", "val", 3, 0x1)`, ` = 10`,
		`brk(11255808)`, ` = 10`,
		`syscall(1999, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6)`, ` = 10`,
		`close(-77)`, ` = 0`,
		`pread64(3, ` + pointer + `, 5, 0)`, ` = -9 EBADF (Bad file number)`,
		`close(-77)`, ` = 0`,
		`rmdir("none")`, ` = -2 ENOENT (No such file or directory)`,
		`close(-77)`, ` = 0`,
		`rmdir("none")`, ` = -600 Unknown error`,
		`close(-78)`, ` = 0`,
	}
	for _, door := range []string{"jump", "trap"} {
		log := filepath.Join(t.TempDir(), "log")
		if out, errs, err := hooked(t, hook, []string{"INTERCEPT_LOG=" + log, "SYSTRAP_DOOR=" + door}, program); err != nil || out != "" || errs != "" {
			t.Fatalf("%s: %v, %q, %q", door, err, out, errs)
		}
		lines := hookLog(t, log)
		for len(lines) > 0 && lines[0] != "close(-77) = 0" {
			lines = lines[1:]
		}
		if len(lines) < 1+len(want) {
			t.Fatalf("%s: %d lines, want %d more than one", door, len(lines), len(want))
		}
		for i := 0; i < len(want); i += 2 {
			before, behind := want[i]+" = ?", want[i+1]
			if behind[0] == ' ' {
				behind = want[i] + behind
			}
			for k, w := range []string{before, behind} {
				parts := strings.Split(w, pointer)
				for j := range parts {
					parts[j] = regexp.QuoteMeta(parts[j])
				}
				if got := lines[1+i+k]; !regexp.MustCompile(`^` + strings.Join(parts, pointer) + `$`).MatchString(got) {
					t.Errorf("%s: %s\nwant  %s", door, got, w)
				}
			}
		}
	}
}

// compileFile compiles a program of testdata.
func compileFile(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return compileText(t, string(text), "-w")
}

// TestHooksLogFile: whose name ends with "-" has the process id behind it, and INTERCEPT_LOG_TRUNC=0 keeps what is there.
func TestHooksLogFile(t *testing.T) {
	dir := hookFolder(t)
	hook := compileHook(t, dir, "testdata/hooks/plain.c")
	program := compileText(t, "#include <stdio.h>\n#include <unistd.h>\nint main(void) { return printf(\"%d\\n\", getpid()) < 0; }\n")
	log := filepath.Join(t.TempDir(), "log-")
	out, errs, err := hooked(t, hook, []string{"INTERCEPT_LOG=" + log}, program)
	pid, bad := strconv.Atoi(strings.TrimSpace(out))
	if err != nil || bad != nil || errs != "" {
		t.Fatalf("%v, %q, %q", err, out, errs)
	}
	lines := hookLog(t, log+strconv.Itoa(pid))
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "exit_group(0)") {
		t.Errorf("the last line is %q", last)
	}
	if want := fmt.Sprintf("getpid() = %d", pid); !slices.Contains(lines, want) {
		t.Errorf("no line %q", want)
	}
	for _, keep := range []bool{true, false} {
		file := filepath.Join(t.TempDir(), "kept")
		if err := os.WriteFile(file, []byte("/etc/passwd 0x1 -- older\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		env := []string{"INTERCEPT_LOG=" + file}
		if keep {
			env = append(env, "INTERCEPT_LOG_TRUNC=0")
		}
		if _, errs, err := hooked(t, hook, env, program); err != nil || errs != "" {
			t.Fatalf("%v, %q", err, errs)
		}
		if lines := hookLog(t, file); (lines[0] == "older") != keep || len(lines) < 4 {
			t.Errorf("keep %v: %d lines, the first is %q", keep, len(lines), lines[0])
		}
	}
}

// TestHooksLogCalls: a program that may begins and ends logs itself, also in its child; one that may not makes two calls that
// fail.
func TestHooksLogCalls(t *testing.T) {
	dir := hookFolder(t)
	hook := compileHook(t, dir, "testdata/hooks/plain.c")
	program := compileText(t, `
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static const char begin[] = "SYSCALL_INTERCEPT_TEST_START_LOG", end[] = "SYSCALL_INTERCEPT_TEST_STOP_LOG";
static long start(const char *path, const char *truncate) { return syscall(SYS_write, 123, begin, sizeof begin, path, truncate); }
static long stop(void) { return syscall(SYS_write, 123, end, sizeof end); }
int main(int argc, char **argv)
{
	long a, b, c, status;
	close(70);
	a = start(argv[1], "1");
	close(71);
	if (fork() == 0) {
		start(argv[2], "0");
		close(72);
		syscall(SYS_write, 123, begin, sizeof begin - 1, argv[1], "1");
		_exit(stop() != sizeof end);
	}
	wait((int *)&status);
	close(73);
	b = stop();
	close(74);
	c = stop();
	return printf("%ld %ld %ld %d\n", a, b, c, (int)status) < 0;
}
`, "-w")
	folder := t.TempDir()
	own, child := filepath.Join(folder, "own"), filepath.Join(folder, "child")
	if out, errs, err := hooked(t, hook, nil, program, own, child); err != nil || errs != "" || out != "-1 -1 -1 256\n" {
		t.Errorf("not allowed: %v, %q, %q", err, out, errs)
	}
	for _, file := range []string{own, child} {
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s is there though it was not allowed", file)
		}
	}
	if err := os.WriteFile(child, []byte("/etc/passwd 0x1 -- older\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, env := range []string{"SYSTRAP_DOOR=jump", "SYSTRAP_DOOR=trap", "INTERCEPT_ALL_OBJS=0"} {
		if out, errs, err := hooked(t, hook, []string{env, "INTERCEPT_LOG_CALLS=1"}, program, own, child); err != nil || errs != "" || out != "33 32 32 0\n" {
			t.Fatalf("%s: %v, %q, %q", env, err, out, errs)
		}
		lines := hookLog(t, own)
		if lines[0] != "close(71) = ?" || lines[len(lines)-1] != "close(73) = -9 EBADF (Bad file number)" {
			t.Errorf("%s: the lines are\n%s", env, strings.Join(lines, "\n"))
		}
	}
	lines := hookLog(t, child)
	want := "older" + strings.Repeat("\nclose(72) = ?\nclose(72) = -9 EBADF (Bad file number)\n"+
		`write(123, "SYSCALL_INTERCEPT_TEST_START_LOG", 32) = ?`+"\n"+`write(123, "SYSCALL_INTERCEPT_TEST_START_LOG", 32) = -9 EBADF (Bad file number)`, 3)
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("the child's log:\n%s\nwant\n%s", got, want)
	}
}
