package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// sysfootLib is the tracer with footprints, beside systrap, where systrap foot looks for it.
var sysfootLib = sync.OnceValues(func() (string, error) {
	link, err := ourStrace()
	if err != nil {
		return "", err
	}
	lib := filepath.Join(filepath.Dir(link), "trace-sysfoot.so")
	cmd := exec.Command(filepath.Join(filepath.Dir(link), "systrap"), "build", "-o", lib, "./cmd/trace-sysfoot")
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%v\n%s", err, out)
	}
	return lib, nil
})

// footTrace runs a program with footprints and returns the trace and what the program printed.
func footTrace(t *testing.T, options string, args ...string) (trace, stdout string) {
	t.Helper()
	lib, err := sysfootLib()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(fixedEnv(dir), "LD_PRELOAD="+lib, "SYSTRAP_OPTIONS=-o "+log+" "+options)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil || errs.Len() > 0 {
		t.Fatalf("%q: %v\n%s", args, err, errs.String())
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), out.String()
}

// touchProgram makes calls whose footprints are known to the byte, and says where its memory is: to its standard output, at the end.
const touchProgram = `#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
static char data[64] = "data";
int main(void) {
	char local[64], *heap = malloc(64), *map = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int zero = open("/dev/zero", O_RDONLY), file = open("f", O_RDWR | O_CREAT, 0666);
	mprotect(map + 4096, 4096, PROT_NONE);
	if (write(file, "0123456789", 10) != 10) return 1;
	lseek(file, 0, SEEK_SET);
	if (read(file, heap, 64) != 10) return 2;                      /* less than was asked for */
	if (read(zero, local, 7) != 7) return 3;
	if (read(zero, data, 5) != 5) return 4;
	struct iovec v[3] = {{heap, 16}, {heap + 8, 16}, {0, 0}};      /* ranges that overlap */
	if (pwritev(file, v, 3, 0) != 32) return 5;
	if (read(zero, map + 4000, 200) >= 0 && 0) return 6;           /* an end that is not there */
	if (write(file, (void *)8, 3) != -1) return 7;                 /* a bad pointer */
	if (syscall(SYS_write, file, map, 1ul << 63) >= 0 && 0) return 8;
	struct iovec many = {map, -1ul};
	if (syscall(SYS_writev, file, &many, 1ul << 63) != 0) return 9; /* the kernel looks at the lower half */
	if (syscall(SYS_writev, file, v, (1ul << 32) + 1) != 16) return 9;
	if (syscall(SYS_readv, zero, &many, 1) != -1) return 10;       /* 2^64-1 */
	if (syscall(SYS_read, 99, heap, 64) != -1) return 11;          /* nothing is written */
	char *more = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (ftruncate(file, 4096) || read(zero, more, 9) != 9) return 12;
	if (read(zero, sbrk(8192), 11) != 11) return 13;               /* a heap that has grown */
	munmap(more, 4096);
	if (read(zero, more, 3) != -1) return 14;
	printf("heap %p\nlocal %p\ndata %p\nmap %p\nvec %p\nmore %p\nmany %p\n", heap, local, data, map, v, more, &many);
	return 0;
}
`

// TestSysfootLines: below each line stands what the call has read and written, to the byte, with the mapping's name.
func TestSysfootLines(t *testing.T) {
	exe := compileText(t, touchProgram)
	trace, out := footTrace(t, "", exe)
	at := map[string]uint64{}
	for line := range strings.Lines(out) {
		var name string
		var addr uint64
		if _, err := fmt.Sscanf(line, "%s 0x%x", &name, &addr); err != nil {
			t.Fatal(err)
		}
		at[name] = addr
	}
	base := filepath.Base(exe)
	for _, c := range []struct {
		call string // the line begins with it behind the thread's id, and contains the result
		want []string
	}{
		{`read\(\d+, "0123456789", 64\) += 10`, []string{fmt.Sprintf("writes %#x+10 (arg1) heap", at["heap"])}},
		{`read\(\d+, .*, 7\) += 7`, []string{fmt.Sprintf("writes %#x+7 (arg1) stack", at["local"])}},
		{`read\(\d+, .*, 5\) += 5`, []string{fmt.Sprintf("writes %#x+5 (arg1) %s data", at["data"], base)}},
		{`pwritev\(.* = 32`, []string{
			fmt.Sprintf("reads %#x+48 (arg1) stack", at["vec"]),
			fmt.Sprintf("reads %#x+16 (arg1 [0].iov_base) heap; may have changed", at["heap"]),
			fmt.Sprintf("reads %#x+16 (arg1 [1].iov_base) heap; may have changed", at["heap"]+8),
		}},
		{`read\(\d+, .*, 200\) += 96`, []string{fmt.Sprintf("writes %#x+96 (arg1) anonymous", at["map"]+4000)}},
		{`write\(\d+, 0x8, 3\) += -1 EFAULT`, []string{"reads 0x8+3 (arg1) no mapping"}},
		{`write\(\d+, .*, 9223372036854775808\) += `, []string{fmt.Sprintf("reads %#x+%d (arg1) anonymous; cut", at["map"], 0x7ffff000)}},
		{`writev\(\d+, .*, 9223372036854775808\) = 0`, nil},
		{`writev\(\d+, .*, 4294967297\) = 16`, []string{
			fmt.Sprintf("reads %#x+16 (arg1) stack", at["vec"]),
			fmt.Sprintf("reads %#x+16 (arg1 [0].iov_base) heap; may have changed", at["heap"]),
		}},
		{`readv\(.* = -1 EINVAL`, []string{fmt.Sprintf("reads %#x+16 (arg1) stack", at["many"])}},
		{`read\(99, .* = -1 EBADF`, nil},
		{`read\(\d+, .*, 9\) += 9`, []string{fmt.Sprintf("writes %#x+9 (arg1) f, shared", at["more"])}},
		{`read\(\d+, .*, 11\) += 11`, []string{"+11 (arg1) heap"}},
		{`munmap\(.* = 0`, []string{fmt.Sprintf("maps %#x+4096 (arg0) f, shared", at["more"])}},
		{`read\(\d+, .*, 3\) += -1 EFAULT`, []string{fmt.Sprintf("writes %#x+3 (arg1) no mapping; at most", at["more"])}},
	} {
		m := regexp.MustCompile(`(?m)^\d+ +` + c.call + `.*\n((?: ~ .*\n)*)`).FindStringSubmatch(trace)
		if m == nil {
			t.Errorf("no line %s", c.call)
			continue
		}
		got := strings.Split(strings.TrimSuffix(m[1], "\n"), "\n")
		if len(c.want) == 0 && m[1] != "" {
			t.Errorf("%s: %q, want nothing", c.call, got)
		}
		for i, w := range c.want {
			if i >= len(got) || !strings.HasSuffix(got[i], w) {
				t.Errorf("%s: %q, want %q", c.call, got, c.want)
				break
			}
		}
	}
	if t.Failed() {
		t.Log(trace)
	}
}

// footCall is a line of --foot=json.
type footCall struct {
	T        int64
	Pid, Tid int
	Call     string
	Result   *int64
	Line     string
	Ranges   []struct {
		Dir, Addr, In, Path string
		Len                 uint64
		Map                 []string
		MayHaveChanged      bool `json:"may_have_changed"`
		AtMost              bool `json:"at_most"`
	}
	Summary, Execs           bool
	Calls, Mappings, Threads []struct {
		Name          string
		Read, Written uint64
	}
}

func readFootJSON(t *testing.T, trace string) (calls []footCall) {
	t.Helper()
	for line := range strings.Lines(trace) {
		var c footCall
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		calls = append(calls, c)
	}
	return calls
}

// TestSysfootJSON: each line is JSON; the sums by call, mapping and thread are those of the ranges, also in children, and an
// image that goes has its own.
func TestSysfootJSON(t *testing.T) {
	need(t, "sh")
	// Signals, ends and threads that come have no lines.
	trace, _ := footTrace(t, "--foot=json", "sh", "-c", `ls / >/dev/null; (cat /etc/passwd; kill -CHLD $$) | wc -l; trap : USR1; kill -USR1 $$; exec true`)
	written := map[int]uint64{}
	summaries, execs := 0, 0
	for _, c := range readFootJSON(t, trace) {
		if !c.Summary {
			for _, r := range c.Ranges {
				if r.Dir == "writes" && !r.AtMost && r.In != "another process" {
					written[c.Pid] += r.Len
				}
			}
			if c.Result == nil && c.Call != "exit_group" && c.Call != "rt_sigreturn" {
				t.Errorf("%s has no result", c.Call)
			}
			continue
		}
		summaries++
		if c.Execs {
			execs++
		}
		for _, rows := range [][]struct {
			Name          string
			Read, Written uint64
		}{c.Calls, c.Mappings, c.Threads} {
			sum := uint64(0)
			for _, row := range rows {
				sum += row.Written
			}
			if sum != written[c.Pid] {
				t.Errorf("process %d: %+v is %d bytes written, the ranges are %d", c.Pid, rows, sum, written[c.Pid])
			}
		}
		written[c.Pid] = 0
	}
	if summaries < 5 || execs < 1 {
		t.Errorf("%d summaries, %d before an execve", summaries, execs)
	}
}

// TestSysfootLibsystrap: libsystrap's own lines.
func TestSysfootLibsystrap(t *testing.T) {
	need(t, "cat")
	trace, _ := footTrace(t, "--foot=libsystrap -e trace=read", "cat", "/etc/passwd")
	text, err := os.ReadFile("/etc/passwd")
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`(?m)^\d+ +read\(\d+, ".*\) = %d\nfootprint: write base=0x[0-9a-f]{16} n=0x%016x syscall=read$`, len(text), len(text))
	if !regexp.MustCompile(want).MatchString(trace) || strings.Contains(trace, "~") {
		t.Errorf("no %s in\n%s", want, trace)
	}
}

// mixProgram has threads that make calls of different sizes at the same time, one of which changes another's struct iovec.
const mixProgram = `#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>
static char from[4096];
static struct iovec shared = {from, 1};
static volatile int done;
static void *reads(void *n) {
	char to[4096];
	int fd = open("/dev/zero", O_RDONLY);
	for (int i = 0; i < 400; i++)
		if (read(fd, to, 100 + (long)n) != 100 + (long)n) abort();
	return 0;
}
static void *changes(void *x) {
	for (long i = 0; !done; i++) {
		((volatile struct iovec *)&shared)->iov_len = i % 3 ? 1 + i % 2000 : -1ul >> 1;
		((volatile struct iovec *)&shared)->iov_base = i % 5 ? from : (char *)(1ul << 63);
	}
	return x;
}
int main(void) {
	pthread_t t[5];
	int null = open("/dev/null", O_WRONLY);
	for (long i = 0; i < 4; i++) pthread_create(t + i, 0, reads, (void *)i);
	pthread_create(t + 4, 0, changes, 0);
	for (int i = 0; i < 400; i++) (void)!writev(null, &shared, 1);
	for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
	done = 1;
	pthread_join(t[4], 0);
	return 0;
}
`

// TestSysfootThreads: the footprint stands below its own line, whoever else writes; of a structure that is changed meanwhile it says
// so, and no range leaves the program's half of the address space.
func TestSysfootThreads(t *testing.T) {
	exe := compileText(t, mixProgram, "-pthread")
	trace, _ := footTrace(t, "-e trace=read,writev", exe)
	reads, vectors := 0, 0
	lines := strings.Split(trace, "\n")
	ends := regexp.MustCompile(`^\d+ +(?:read\(|<\.\.\. read resumed>).* = (10[0-3])$`)
	for i, line := range lines {
		if m := ends.FindStringSubmatch(line); m != nil {
			reads++
			if !strings.HasPrefix(lines[i+1], " ~ writes ") || !strings.Contains(lines[i+1], "+"+m[1]+" (arg1) stack of a thread") {
				t.Fatalf("below %q stands %q", line, lines[i+1])
			}
		}
		if strings.HasPrefix(line, " ~ ") && strings.Contains(line, "iov_base") {
			vectors++
			var addr, n uint64
			if _, err := fmt.Sscanf(line, " ~ reads 0x%x+%d", &addr, &n); err != nil || !strings.Contains(line, "may have changed") || addr+n > 1<<47-4096 {
				t.Fatalf("%q: %v", line, err)
			}
		}
	}
	if reads != 1600 || vectors == 0 {
		t.Errorf("%d lines of read, want 1600; %d vectors", reads, vectors)
	}
}

// TestSysfootLongLists: an execve with more arguments than are kept, and a line that is longer than a record.
func TestSysfootLongLists(t *testing.T) {
	need(t, "sh")
	script := "exec true"
	for i := range 1000 {
		script += " " + strconv.Itoa(i)
	}
	trace, _ := footTrace(t, "-v -e trace=execve", "sh", "-c", script)
	if m := regexp.MustCompile(`(?m)^ ~ reads \d+ bytes in (\d+) ranges more$`).FindStringSubmatch(trace); m == nil {
		t.Error("the ranges that are not listed are not counted")
	} else if n, _ := strconv.Atoi(m[1]); n < 700 {
		t.Errorf("%d ranges are not listed", n)
	}
	for _, c := range readFootJSON(t, func() string { s, _ := footTrace(t, "-v --foot=json", "sh", "-c", script); return s }()) {
		if c.Call == "execve" && (len(c.Ranges) < 250 || len(c.Line) < 3000) {
			t.Errorf("execve has %d ranges and a line of %d bytes", len(c.Ranges), len(c.Line))
		}
	}
}

// TestSysfootInjected: a call whose result is injected was not made, and has touched nothing.
func TestSysfootInjected(t *testing.T) {
	exe := compileText(t, `#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
int main(void) {
	char b[16];
	int fd = open("/dev/zero", O_RDONLY);
	return read(fd, b, 9) != 9 || read(fd, b, 10) != 4 || read(fd, b, 11) != 11;
}
`)
	trace, _ := footTrace(t, "-e trace=read -e inject=read:retval=4:when=2", exe)
	if m := regexp.MustCompile(`(?m)^\d+ +read\(.*, 9\) += 9\n ~ writes .*\+9 .*\n\d+ +read\(.*, 10\) += 4 \(INJECTED\)\n\d+ +read\(.*, 11\) += 11\n ~ writes .*\+11 `); !m.MatchString(trace) {
		t.Error(trace)
	}
}
