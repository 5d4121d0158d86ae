package core

import (
	"libsystrap/internal/ownfd"
	"libsystrap/internal/sys"
	"libsystrap/seccomp"
)

// vmChild is a process that shares this memory but not the dispositions.
type vmChild struct {
	pid     int64
	actions actions
	// scratch is memory that an exec of the child left here (see exec.go).
	scratch, scratchLen uintptr
	traceme             bool // tracee.go
	ownFiles            bool // it has a table of descriptors of its own (package ownfd)
	// filters are those of the parent, if the child has installed one of its own.
	filters struct {
		saved bool
		were  seccomp.State
	}
}

var vmChildren [maxVMChildren]vmChild

// maxVMChildren bounds the children in flight at a time; one more shares its
// parent's virtual dispositions, which only a child that sets one could tell.
const maxVMChildren = 64

// currentVMChild returns the entry of the calling process, or nil for the
// process whose memory this is.
func currentVMChild() *vmChild {
	if vmChildCount == 0 {
		return nil
	}
	return findVMChild(sys.Getpid())
}

// vmChildCount is how many entries of vmChildren are in use; only processes
// that share this memory write it.
var vmChildCount int32

// findVMChild returns the entry of process pid, or nil.
func findVMChild(pid int64) *vmChild {
	for i := range vmChildren {
		if vmChildren[i].pid == pid {
			return &vmChildren[i]
		}
	}
	return nil
}

// addVMChild makes an entry for process pid, which starts with its parent's
// disposition, and with its table of descriptors or, if ownFiles is set, a copy.
func addVMChild(pid int64, ownFiles bool) {
	from := currentActions()
	for i := range vmChildren {
		v := &vmChildren[i]
		if sys.CasInt64(&v.pid, 0, pid) {
			v.actions = *from
			v.traceme, v.ownFiles, v.filters.saved = false, ownFiles, false
			sys.AddInt32(&vmChildCount, 1)
			return
		}
		// One made without CLONE_VFORK tells nobody when it ends.
		if old := v.pid; old != 0 && sys.Gone(old) && sys.CasInt64(&v.pid, old, pid) {
			v.actions = *from
			v.traceme, v.ownFiles, v.filters.saved = false, ownFiles, false
			return
		}
	}
}

// dropVMChild forgets process pid, which has exec'ed or ended.
func dropVMChild(pid int64) {
	ownfd.Forget(pid)
	if v := findVMChild(pid); v != nil {
		if v.scratch != 0 {
			freeEnv(v.scratch, v.scratchLen)
			v.scratch = 0
		}
		v.forgetFilters()
		v.pid = 0
		sys.AddInt32(&vmChildCount, -1)
	}
}
