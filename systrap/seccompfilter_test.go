package systrap

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestFilterAllows runs filters as programs write them for calls whose arguments
// are not known.
func TestFilterAllows(t *testing.T) {
	const (
		ld   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		jeq  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		jge  = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
		jset = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
		ret  = unix.BPF_RET | unix.BPF_K
		yes  = unix.SECCOMP_RET_ALLOW
		errn = unix.SECCOMP_RET_ERRNO | 1
		kill = unix.SECCOMP_RET_KILL_PROCESS
		args = 16 // offset of args[0]
	)
	for _, c := range []struct {
		name    string
		program []sockFilter
		nr      uint32
		want    bool
	}{
		{"all", []sockFilter{{ret, 0, 0, yes}}, 1, true},
		{"none", []sockFilter{{ret, 0, 0, kill}}, 1, false},
		{"logged", []sockFilter{{ret, 0, 0, unix.SECCOMP_RET_LOG}}, 1, true},
		{"listed", []sockFilter{{ld, 0, 0, 0}, {jeq, 0, 1, 228}, {ret, 0, 0, yes}, {ret, 0, 0, kill}}, 228, true},
		{"not listed", []sockFilter{{ld, 0, 0, 0}, {jeq, 0, 1, 228}, {ret, 0, 0, yes}, {ret, 0, 0, kill}}, 229, false},
		{"refused", []sockFilter{{ld, 0, 0, 0}, {jeq, 0, 1, 89}, {ret, 0, 0, errn}, {ret, 0, 0, yes}}, 89, false},
		{"architecture", []sockFilter{{ld, 0, 0, 4}, {jeq, 1, 0, auditArchX8664}, {ret, 0, 0, kill}, {ld, 0, 0, 0}, {jge, 0, 1, 0x40000000}, {ret, 0, 0, kill}, {ret, 0, 0, yes}}, 5, true},
		{"by argument", []sockFilter{{ld, 0, 0, 0}, {jeq, 0, 2, 1}, {ld, 0, 0, args}, {jset, 1, 0, 7}, {ret, 0, 0, yes}, {ret, 0, 0, kill}}, 1, false},
		{"by argument, another call", []sockFilter{{ld, 0, 0, 0}, {jeq, 0, 2, 1}, {ld, 0, 0, args}, {jset, 1, 0, 7}, {ret, 0, 0, yes}, {ret, 0, 0, kill}}, 2, true},
		{"result from an argument", []sockFilter{{ld, 0, 0, args}, {unix.BPF_RET | unix.BPF_A, 0, 0, 0}}, 1, false},
		{"memory, x, arithmetic", []sockFilter{{ld, 0, 0, 0}, {unix.BPF_ST, 0, 0, 3}, {unix.BPF_LDX | unix.BPF_MEM, 0, 0, 3},
			{unix.BPF_LD | unix.BPF_IMM, 0, 0, 40}, {unix.BPF_ALU | unix.BPF_SUB | unix.BPF_X, 0, 0, 0}, {jeq, 0, 1, 0}, {ret, 0, 0, yes}, {ret, 0, 0, kill}}, 40, true},
		{"jump over the end", []sockFilter{{unix.BPF_JMP | unix.BPF_JA, 0, 0, 9}}, 1, false},
		{"empty", nil, 1, false},
	} {
		if got := filterAllows(uint64(uintptr(unsafe.Pointer(unsafe.SliceData(c.program)))), uint32(len(c.program)), c.nr); got != c.want {
			t.Errorf("%s: call %d is allowed: %v", c.name, c.nr, got)
		}
	}
}
