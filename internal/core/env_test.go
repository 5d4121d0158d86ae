package core

import (
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"libsystrap/internal/ctext"
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
)

// block makes an environment block as execve takes it.
func block(vars ...string) (uint64, []*byte) {
	p := make([]*byte, 0, len(vars)+1)
	for _, v := range vars {
		b := append([]byte(v), 0)
		p = append(p, &b[0])
	}
	p = append(p, nil)
	return uint64(uintptr(unsafe.Pointer(&p[0]))), p
}

func unblock(p uintptr) []string {
	var r []string
	for ; *(**byte)(sys.Ptr(p)) != nil; p += 8 {
		r = append(r, strings.Clone(ctext.CString(*(**byte)(sys.Ptr(p)))))
	}
	return r
}

func TestBuildEnv(t *testing.T) {
	tracelog.RememberStderr()
	t.Cleanup(forgetStderr)
	const own = "/lib/trace.so"
	copy(ownPath[:], own)
	ownPathLen = len(own)
	options := []byte("-o x\x00")
	settings[settingOptions].value = &options[0]
	ownfd.LogFd = 1000
	defer func() { ownPathLen, settings[settingOptions].value, ownfd.LogFd = 0, nil, -1 }()

	for _, c := range []struct {
		name     string
		in, want []string
		follow   bool
	}{
		{"empty environment gets everything, hidden", nil,
			[]string{"LD_PRELOAD=/lib/trace.so", "SYSTRAP_OPTIONS=-o x", "SYSTRAP_STATE=1000,-1,-1,-1:-LOU"}, true},
		{"kept environment", []string{"A=1", "LD_PRELOAD=/lib/trace.so", "SYSTRAP_OPTIONS=-o y"},
			[]string{"A=1", "LD_PRELOAD=/lib/trace.so", "SYSTRAP_OPTIONS=-o y", "SYSTRAP_STATE=1000,-1,-1,-1:-U"}, true},
		{"relative path becomes absolute", []string{"LD_PRELOAD=build/trace.so:other.so", "SYSTRAP_OPTIONS="},
			[]string{"LD_PRELOAD=/lib/trace.so:other.so", "SYSTRAP_OPTIONS=", "SYSTRAP_STATE=1000,-1,-1,-1:-U"}, true},
		{"another library stays", []string{"LD_PRELOAD=a.so b.so", "SYSTRAP_OPTIONS="},
			[]string{"LD_PRELOAD=/lib/trace.so:a.so:b.so", "SYSTRAP_OPTIONS=", "SYSTRAP_STATE=1000,-1,-1,-1:-PU"}, true},
		{"an empty value is kept", []string{"LD_PRELOAD=", "SYSTRAP_OPTIONS="},
			[]string{"LD_PRELOAD=/lib/trace.so", "SYSTRAP_OPTIONS=", "SYSTRAP_STATE=1000,-1,-1,-1:-PU"}, true},
		{"stale state goes", []string{"SYSTRAP_STATE=7:L", "LD_PRELOAD=trace.so", "SYSTRAP_OPTIONS="},
			[]string{"LD_PRELOAD=/lib/trace.so", "SYSTRAP_OPTIONS=", "SYSTRAP_STATE=1000,-1,-1,-1:-U"}, true},
		{"not followed: our library goes", []string{"A=1", "LD_PRELOAD=/lib/trace.so:x.so", "B=2"},
			[]string{"A=1", "LD_PRELOAD=x.so", "B=2"}, false},
		{"not followed: the variable goes", []string{"LD_PRELOAD=/lib/trace.so"}, nil, false},
	} {
		addr, keep := block(c.in...)
		kind := envStrip
		if c.follow {
			kind = envFollow
		}
		p, n, letter, _ := buildEnv(addr, kind, false)
		if c.follow && *(*byte)(sys.Ptr(p + uintptr(letter))) != toldDone {
			t.Errorf("%s: the letter is elsewhere", c.name)
		}
		if p == 0 {
			t.Fatalf("%s: no block", c.name)
		}
		if d := cmp.Diff(c.want, unblock(p)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
		sys.Munmap(p, n)
		_ = keep
	}
}

func TestHiddenVariablesLeaveTheBlock(t *testing.T) {
	addr, p := block("A=1", "LD_PRELOAD=/lib/trace.so", "SYSTRAP_OPTIONS=-o x", "SYSTRAP_STATE=1000,-1,-1,-1:LOU", "B=2")
	self.envp = uintptr(addr)
	defer func() { self, inheritedFd, settings[settingOptions].value = imageState{}, -1, nil }()
	takeState()
	if d := cmp.Diff([]string{"A=1", "B=2"}, unblock(uintptr(addr))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if !self.Execed || inheritedFd != 1000 || self.Options != "-o x" {
		t.Errorf("state: execed %v, fd %d, options %q", self.Execed, inheritedFd, self.Options)
	}
	if !slices.Contains(p, nil) {
		t.Error("block not terminated")
	}
}

func TestOurPartLeavesPreload(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"LD_PRELOAD=/lib/trace.so:a.so:b.so", "LD_PRELOAD=a.so:b.so"},
		{"LD_PRELOAD=/lib/trace.so", "LD_PRELOAD="},
	} {
		addr, p := block(c.in, "SYSTRAP_STATE=1000,-1,-1,-1:PU")
		self.envp = uintptr(addr)
		takeState()
		if d := cmp.Diff([]string{c.want}, unblock(uintptr(addr))); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		_ = p
	}
	self, inheritedFd = imageState{}, -1
}

// TestStderrOfTheProgram: a message about the trace went to the file that a shell
// had given the program as standard error.
func TestStderrOfTheProgram(t *testing.T) {
	t.Cleanup(func() { self, inheritedFd = imageState{}, -1 })
	t.Cleanup(forgetStderr)
	tracelog.RememberStderr()
	if !tracelog.StderrIsOurs() {
		t.Error("standard error is another one")
	}
	addr, p := block("SYSTRAP_STATE=1000,-1,-1,-1:EU")
	self.envp = uintptr(addr)
	takeState()
	tracelog.RememberStderr()
	if tracelog.StderrIsOurs() {
		t.Error("standard error is ours, though the state says it is not")
	}
	_ = p
}

// forgetStderr undoes tracelog.RememberStderr.
func forgetStderr() {
	tracelog.StderrLost = true
	tracelog.RememberStderr()
	tracelog.StderrLost = false
}
