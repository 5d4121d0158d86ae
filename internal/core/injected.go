package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/ctext"
	"libsystrap/internal/inject"
	"libsystrap/internal/ownmem"
	"libsystrap/internal/sys"
	"libsystrap/rawsys"
	"libsystrap/seccomp"
)

// A library that was put into the process before the program's first instruction (internal/inject) finds what it must
// know in a block, and not in the environment, which is as the program was given it. Its own mappings are to lie where
// none of the program's would, so that those have the addresses that they have natively.
// See docs/decisions/injection.md.

// injection returns what the injector has left, or nil if ld.so has loaded us.
func injection() *inject.Block { return (*inject.Block)(sys.Ptr(uintptr(presence.Block))) }

// ownVariable returns the value of one of our variables, by its name and "=", as the injector has left it, or nil.
func ownVariable(nameEq string) *byte {
	b := injection()
	if b == nil {
		return nil
	}
	for i := range b.Vars {
		p := (*byte)(sys.Ptr(b.Vars[i]))
		if p == nil {
			break
		}
		if ctext.HasPrefix(p, nameEq) {
			return (*byte)(unsafe.Add(unsafe.Pointer(p), len(nameEq)))
		}
	}
	return nil
}

// FirstExec returns the execve(2) that has made this image, if the injector has made it, or nil.
func FirstExec() *inject.Exec {
	if b := injection(); b != nil && b.Exec.Path != 0 {
		return &b.Exec
	}
	return nil
}

// variable is ownVariable for one that may be in the environment, too.
func variable(nameEq string) *byte {
	if v := ownVariable(nameEq); v != nil {
		return v
	}
	return getenv(nameEq)
}

// keepAway has our mappings made far from the program's.
func keepAway() {
	if b := injection(); b != nil {
		ownmem.Note(uintptr(unsafe.Pointer(b)), b.Size)
		sys.KeepAway(uintptr(unsafe.Pointer(b)) + inject.HintAt - inject.BlockAt)
	}
}

// stopForInjector stops the thread for who has injected us, which takes it from there: the last call for which filters may be suspended.
// leftover is the end of our memory if none of it is used any more, or 0.
func stopForInjector(leftover uintptr) {
	if injection() == nil {
		return
	}
	pid, tid := uintptr(sys.Getpid()), uintptr(sys.Gettid())
	may := seccomp.Allows(unix.SYS_TGKILL, pid, tid, uintptr(unix.SIGSTOP), 0, 0, 0)
	seccomp.Suspended = false
	if may {
		rawsys.Raw(unix.SYS_TGKILL, pid, tid, uintptr(unix.SIGSTOP), leftover, 0, 0) // inject.Work.takeAway
	}
}
