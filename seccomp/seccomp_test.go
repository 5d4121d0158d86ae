package seccomp

import (
	"testing"

	"golang.org/x/sys/unix"
)

const (
	ld   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	jeq  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	jge  = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
	jset = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
	ret  = unix.BPF_RET | unix.BPF_K
	yes  = unix.SECCOMP_RET_ALLOW
	errn = unix.SECCOMP_RET_ERRNO | 1
	kill = unix.SECCOMP_RET_KILL_PROCESS
	args = 4 * wordArgs // offset of args[0]
)

// only lets a call through if its first argument is v.
func only(nr, v uint32) []Insn {
	return []Insn{{ld, 0, 0, 0}, {jeq, 0, 3, nr}, {ld, 0, 0, args}, {jeq, 1, 0, v}, {ret, 0, 0, kill}, {ret, 0, 0, yes}}
}

// fresh has the test begin without filters and end without.
func fresh(t *testing.T) {
	none := State{}
	Restore(&none)
	t.Cleanup(func() { Restore(&none) })
}

// TestRun runs filters as programs write them for calls whose arguments are not known.
func TestRun(t *testing.T) {
	for _, c := range []struct {
		name    string
		program []Insn
		nr      uint32
		want    bool
	}{
		{"all", []Insn{{ret, 0, 0, yes}}, 1, true},
		{"none", []Insn{{ret, 0, 0, kill}}, 1, false},
		{"logged", []Insn{{ret, 0, 0, unix.SECCOMP_RET_LOG}}, 1, true},
		{"listed", []Insn{{ld, 0, 0, 0}, {jeq, 0, 1, 228}, {ret, 0, 0, yes}, {ret, 0, 0, kill}}, 228, true},
		{"not listed", []Insn{{ld, 0, 0, 0}, {jeq, 0, 1, 228}, {ret, 0, 0, yes}, {ret, 0, 0, kill}}, 229, false},
		{"refused", []Insn{{ld, 0, 0, 0}, {jeq, 0, 1, 89}, {ret, 0, 0, errn}, {ret, 0, 0, yes}}, 89, false},
		{"architecture", []Insn{{ld, 0, 0, 4}, {jeq, 1, 0, auditArchX8664}, {ret, 0, 0, kill}, {ld, 0, 0, 0}, {jge, 0, 1, 0x40000000}, {ret, 0, 0, kill}, {ret, 0, 0, yes}}, 5, true},
		{"by argument", only(1, 7), 1, false},
		{"by argument, another call", only(1, 7), 2, true},
		{"argument that does not matter", []Insn{{ld, 0, 0, args}, {jset, 0, 0, 7}, {ret, 0, 0, yes}}, 1, true},
		{"result from an argument", []Insn{{ld, 0, 0, args}, {unix.BPF_RET | unix.BPF_A, 0, 0, 0}}, 1, false},
		{"memory, x, arithmetic", []Insn{{ld, 0, 0, 0}, {unix.BPF_ST, 0, 0, 3}, {unix.BPF_LDX | unix.BPF_MEM, 0, 0, 3},
			{unix.BPF_LD | unix.BPF_IMM, 0, 0, 40}, {unix.BPF_ALU | unix.BPF_SUB | unix.BPF_X, 0, 0, 0}, {jeq, 0, 1, 0}, {ret, 0, 0, yes}, {ret, 0, 0, kill}}, 40, true},
		{"length", []Insn{{unix.BPF_LD | unix.BPF_W | unix.BPF_LEN, 0, 0, 0}, {jeq, 0, 1, 64}, {ret, 0, 0, yes}, {ret, 0, 0, kill}}, 1, true},
		{"division by zero", []Insn{{ld, 0, 0, 0}, {unix.BPF_ALU | unix.BPF_DIV | unix.BPF_X, 0, 0, 0}, {ret, 0, 0, yes}}, 1, false},
		{"jump over the end", []Insn{{unix.BPF_JMP | unix.BPF_JA, 0, 0, 9}}, 1, false},
		{"jump far over the end", []Insn{{unix.BPF_JMP | unix.BPF_JA, 0, 0, 1<<32 - 1}}, 1, false},
		{"empty", nil, 1, false},
	} {
		var d Data
		d.set(uintptr(c.nr), 0, 0, 0, 0, 0, 0)
		a, known := run(c.program, &d, ipWords|argsWords)
		if got := known && passes(a); got != c.want {
			t.Errorf("%s: call %d is allowed: %v", c.name, c.nr, got)
		}
	}
}

// TestAllows asks for calls with their arguments, behind one filter and two.
func TestAllows(t *testing.T) {
	fresh(t)
	if !Allows(1, 7, 0, 0, 0, 0, 0) || !AllowsNumber(1) {
		t.Error("refused without a filter")
	}
	Install(only(1, 7))
	for _, c := range []struct {
		nr, a0 uintptr
		want   bool
	}{{1, 7, true}, {1, 8, false}, {1, 1<<32 + 7, true}, {2, 0, true}} {
		if got := Allows(c.nr, c.a0, 0, 0, 0, 0, 0); got != c.want {
			t.Errorf("call %d with %#x is allowed: %v", c.nr, c.a0, got)
		}
	}
	if AllowsNumber(1) || !AllowsNumber(2) {
		t.Error("AllowsNumber takes call 1 for allowed, or 2 for refused")
	}
	one := Save()
	Install([]Insn{{ld, 0, 0, 0}, {jeq, 0, 1, 2}, {ret, 0, 0, errn}, {ret, 0, 0, yes}})
	if Allows(2, 0, 0, 0, 0, 0, 0) || Allows(1, 8, 0, 0, 0, 0, 0) || !Allows(1, 7, 0, 0, 0, 0, 0) {
		t.Error("two filters do not both decide")
	}
	Restore(&one)
	if !Allows(2, 0, 0, 0, 0, 0, 0) {
		t.Error("a filter stays after Restore")
	}
	Install(nil)
	if Allows(1, 7, 0, 0, 0, 0, 0) {
		t.Error("a filter that is not known lets a call through")
	}
	none := State{}
	Restore(&none)
	InstallStrict()
	if !Allows(unix.SYS_WRITE, 1, 0, 0, 0, 0, 0) || Allows(unix.SYS_GETPID, 0, 0, 0, 0, 0, 0) {
		t.Error("strict mode")
	}
}

// TestVerdict asks what becomes of the program's calls.
func TestVerdict(t *testing.T) {
	fresh(t)
	const trap = unix.SECCOMP_RET_TRAP | 5
	Install([]Insn{{ld, 0, 0, 4 * wordIP}, {jeq, 0, 1, 0x1002}, {ret, 0, 0, yes}, {ret, 0, 0, trap}})
	Install([]Insn{{ld, 0, 0, 0}, {jeq, 0, 1, 9}, {ret, 0, 0, kill}, {ret, 0, 0, errn}})
	for _, c := range []struct {
		nr   int64
		ip   uint64
		want uint32
	}{{1, 0x1002, errn}, {1, 0x2002, trap}, {9, 0x1002, kill}} {
		if got, known := Verdict(c.nr, &[6]uint64{}, c.ip); got != c.want || !known {
			t.Errorf("call %d at %#x: %#x, %v; want %#x", c.nr, c.ip, got, known, c.want)
		}
	}
	if Allows(1, 0, 0, 0, 0, 0, 0) {
		t.Error("a call of ours is allowed though the filter looks at where it comes from")
	}
	if !ReadsIP(filters[0]) || ReadsIP(filters[1]) {
		t.Error("ReadsIP")
	}
	Inherit(&[SummaryWords]uint64{})
	if _, known := Verdict(1, &[6]uint64{}, 0); known {
		t.Error("the verdict of inherited filters is not known")
	}
}

// TestInherit hands what is known to the next image, and further.
func TestInherit(t *testing.T) {
	fresh(t)
	Install([]Insn{{ld, 0, 0, 0}, {jeq, 3, 0, unix.SYS_PRCTL}, {jeq, 0, 1, unix.SYS_GETTID}, {ret, 0, 0, kill}, {ret, 0, 0, yes},
		{ld, 0, 0, args}, {jeq, 0, 1, prSetDispatch}, {ret, 0, 0, yes}, {ret, 0, 0, errn}})
	for range 2 {
		var s [SummaryWords]uint64
		Summary(&s)
		none := State{}
		Restore(&none)
		Inherit(&s)
		for _, c := range []struct {
			nr, a0 uintptr
			want   bool
		}{{unix.SYS_GETPID, 0, true}, {unix.SYS_GETTID, 0, false}, {unix.SYS_PRCTL, prSetDispatch, true}, {unix.SYS_PRCTL, 4, false}} {
			if got := Allows(c.nr, c.a0, 1, 0, 0, 0, 0); got != c.want {
				t.Errorf("call %d with %d is allowed: %v", c.nr, c.a0, got)
			}
		}
	}
	// One that is installed on top counts, too.
	Install([]Insn{{ld, 0, 0, 0}, {jeq, 0, 1, unix.SYS_PRCTL}, {ret, 0, 0, kill}, {ret, 0, 0, yes}})
	if Allows(unix.SYS_PRCTL, prSetDispatch, 0, 0, 0, 0, 0) || Allows(unix.SYS_GETTID, 0, 0, 0, 0, 0, 0) {
		t.Error("inherited filters or the new one are forgotten")
	}
	var s [SummaryWords]uint64
	Summary(&s)
	if s[SummaryWords-1]&Partial(unix.SYS_PRCTL, prSetDispatch, 0, 0) != 0 {
		t.Error("the summary has a call that the last filter forbids")
	}
}
