package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// fakeMachine is a machine with the given files under its proc and sys.
func fakeMachine(t *testing.T, files map[string]string) *machine {
	root := t.TempDir()
	for name, text := range files {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return &machine{proc: root + "/proc", sys: root + "/sys"}
}

func TestDoctorFindings(t *testing.T) {
	tests := []struct {
		name  string
		check func(*machine) finding
		files map[string]string
		want  level
		text  string
	}{
		{"no proc", checkProc, nil, levelFail, "/proc/self/maps cannot be read"},
		{"proc", checkProc, map[string]string{"proc/self/maps": ""}, levelOK, "mounted"},
		{"shadow stack", checkShadowStack, map[string]string{"proc/self/status": "Name:\tx\nx86_Thread_features:\tshstk \n"}, levelWarn, "on"},
		{"no shadow stack", checkShadowStack, map[string]string{"proc/self/status": "Name:\tx\nx86_Thread_features:\t\n"}, levelOK, "off"},
		{"ring", checkIoUring, map[string]string{"proc/sys/kernel/io_uring_disabled": "0\n"}, levelOK, "enabled"},
		{"no ring", checkIoUring, map[string]string{"proc/sys/kernel/io_uring_disabled": "2\n"}, levelOK, "disabled"},
		{"strict memory", checkOvercommit, map[string]string{"proc/sys/vm/overcommit_memory": "2\n"}, levelWarn, "strict"},
		{"page zero", checkPageZero, map[string]string{"proc/sys/vm/mmap_min_addr": "65536\n"}, levelOK, "vm.mmap_min_addr=65536 keeps"},
		{"memory", checkOvercommit, map[string]string{"proc/sys/vm/overcommit_memory": "0\n"}, levelOK, ""},
		{"enforcing", checkSELinux, map[string]string{"sys/fs/selinux/enforce": "1"}, levelWarn, "enforcing"},
		{"permissive", checkSELinux, map[string]string{"sys/fs/selinux/enforce": "0"}, levelOK, "permissive"},
		{"no SELinux", checkSELinux, nil, levelOK, "not active"},
		{"yama", checkPtraceScope, map[string]string{"proc/sys/kernel/yama/ptrace_scope": "3\n"}, levelOK, "3"},
		{"strict seccomp", checkSeccomp, map[string]string{"proc/self/status": "Seccomp:\t1\n"}, levelFail, "strict"},
		{"filter", checkSeccomp, map[string]string{"proc/self/status": "Seccomp:\t2\nSeccomp_filters:\t1\n"}, levelWarn, "filter"},
		{"no filter", checkSeccomp, map[string]string{"proc/self/status": "Seccomp:\t0\nSeccomp_filters:\t0\n"}, levelOK, ""},
	}
	for _, test := range tests {
		f := test.check(fakeMachine(t, test.files))
		if f.level != test.want || !strings.Contains(f.text, test.text) {
			t.Errorf("%s: %v %q, want %v %q", test.name, f.level, f.text, test.want, test.text)
		}
		if f.level != levelOK && f.advice == "" {
			t.Errorf("%s: no advice", test.name)
		}
	}
}

func TestJudgeKernel(t *testing.T) {
	tests := []struct {
		release, machine string
		want             level
	}{
		{"6.18.44-fc", "x86_64", levelOK}, {"5.9.0", "x86_64", levelOK}, {"5.8.18", "x86_64", levelOK},
		{"4.14", "x86_64", levelOK}, {"4.9.0-19-amd64", "x86_64", levelFail}, {"6.1.0", "aarch64", levelFail}, {"x", "x86_64", levelWarn},
	}
	for _, test := range tests {
		if f := judgeKernel(test.release, test.machine); f.level != test.want {
			t.Errorf("%s %s: %v, want %v", test.release, test.machine, f.level, test.want)
		}
	}
}

// TestDoctor runs every check on this machine: the library must load and trap.
func TestDoctor(t *testing.T) {
	var out strings.Builder
	m := &machine{proc: "/proc", sys: "/sys", lib: filepath.Join(installed(t), libraryName)}
	if status := diagnose(m, &out); status != exitOK {
		t.Errorf("status %d:\n%s", status, out.String())
	}
	for _, c := range doctorChecks {
		if !strings.Contains(out.String(), " "+c.name+" ") {
			t.Errorf("no line for %s", c.name)
		}
	}
	if !strings.Contains(out.String(), "calls trapped") {
		t.Errorf("nothing trapped:\n%s", out.String())
	}
}

// TestDoctorWithoutLibrary must fail: nothing can be traced.
func TestDoctorWithoutLibrary(t *testing.T) {
	for _, lib := range []string{"/none.so", "/bin/true"} {
		var out strings.Builder
		if status := diagnose(&machine{proc: "/proc", sys: "/sys", lib: lib}, &out); status != exitFail || !strings.Contains(out.String(), "FAIL  library") {
			t.Errorf("%s: status %d:\n%s", lib, status, out.String())
		}
	}
}

func TestTrapCost(t *testing.T) {
	for _, k := range trapKinds {
		if d, err := k.cost(10); err != nil || d <= 0 {
			t.Errorf("%s: %v, %v", k.name, d, err)
		}
	}
}

func TestJudgeTraps(t *testing.T) {
	us := func(ud2, int3, hlt float64) [3]time.Duration {
		return [3]time.Duration{time.Duration(ud2 * 1e3), time.Duration(int3 * 1e3), time.Duration(hlt * 1e3)}
	}
	for _, c := range []struct {
		name  string
		costs [3]time.Duration
		help  string
		ok    bool
	}{
		{"bare metal", us(1, 0.9, 1.1), "", true},
		{"#UD is intercepted", us(7.3, 1.7, 1.9), "SYSTRAP_TRAP=int3", false},
		{"#BP, too", us(7.3, 7.4, 1.9), "SYSTRAP_TRAP=hlt", false},
		{"all are", us(7.3, 7.4, 7.5), "bare metal", false},
	} {
		f := judgeTraps(c.costs)
		if (f.level == levelOK) != c.ok || !strings.Contains(f.advice, c.help) {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

// TestDispatchCost checks that the measured calls were reported, each of them
// (dispatchCost fails else), and that nothing is left behind.
func TestDispatchCost(t *testing.T) {
	d, err := dispatchCost(10)
	if err == unix.EINVAL {
		t.Skip("this kernel has no Syscall User Dispatch")
	}
	if err != nil || d <= 0 || dispatched != 100 {
		t.Errorf("%v, %v, %d calls reported", d, err, dispatched)
	}
	if unix.Getppid() <= 0 { // it is off again
		t.Error("getppid is not made")
	}
}
