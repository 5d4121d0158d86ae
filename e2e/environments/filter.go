package main

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// rule makes one call fail, or, if arg0 is set, that call with this first argument, or
// with arg2 with this third one.
type rule struct {
	nr         uint32
	arg0, arg2 *uint32
}

func calls(numbers ...uint32) (rules []rule) {
	for _, nr := range numbers {
		rules = append(rules, rule{nr: nr})
	}
	return rules
}

func value(n uint32) *uint32 { return &n }

// Fields of struct seccomp_data (linux/seccomp.h).
const (
	dataNr   = 0
	dataArgs = 16
)

// filter installs a seccomp filter in this thread that answers the rules' calls, and
// those from number from on if that is not 0, with errno.
func filter(errno unix.Errno, from uint32, rules []rule) error {
	const (
		load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		atMost = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
		ret    = unix.BPF_RET | unix.BPF_K
	)
	refuse := unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ERRNO | uint32(errno)}
	allow := unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ALLOW}
	f := []unix.SockFilter{{Code: load, K: dataNr}}
	for _, r := range rules {
		switch {
		case r.arg0 != nil || r.arg2 != nil:
			at, want := uint32(dataArgs), r.arg0
			if want == nil {
				at, want = dataArgs+2*8, r.arg2
			}
			f = append(f, unix.SockFilter{Code: equal, K: r.nr, Jf: 4}, unix.SockFilter{Code: load, K: at},
				unix.SockFilter{Code: equal, K: *want, Jf: 1}, refuse, unix.SockFilter{Code: load, K: dataNr})
		default:
			f = append(f, unix.SockFilter{Code: equal, K: r.nr, Jf: 1}, refuse)
		}
	}
	if from != 0 {
		f = append(f, unix.SockFilter{Code: atMost, K: from, Jf: 1}, refuse)
	}
	f = append(f, allow)
	prog := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog)), 0, 0); err != nil {
		return fmt.Errorf("seccomp filter: %w", err)
	}
	return nil
}
