package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
)

// touching is what is known of each call; 0 until it is asked for the first time.
var touching [len(abi.Calls)]uint8

const (
	touchesNothing = 1
	touchesMemory  = 2
)

// Touches says whether call nr can have a footprint at all: it has an argument that points to memory, changes mappings, has the
// kernel use what an earlier call has told it of, or is one of those that [Unknown] names. Of the others, such as getppid(2), Before and After give nothing,
// so that a tool that asks first need not look. A number without a call touches nothing.
func Touches(nr int64) bool {
	return uint64(nr) < uint64(len(touching)) && (touching[nr] == touchesMemory || touching[nr] == 0 && look(nr))
}

// look is Touches for a call that was not asked for before.
//
//go:noinline
func look(nr int64) bool {
	if mayTouch(nr) {
		touching[nr] = touchesMemory
		return true
	}
	touching[nr] = touchesNothing
	return false
}

func mayTouch(nr int64) bool {
	switch nr { // what no argument says: mappings, and what earlier calls have told the kernel
	case unix.SYS_MMAP, unix.SYS_BRK, unix.SYS_SHMAT, unix.SYS_SHMDT, unix.SYS_IO_DESTROY, unix.SYS_RT_SIGRETURN,
		unix.SYS_EXIT, unix.SYS_EXIT_GROUP, unix.SYS_MAP_SHADOW_STACK:
		return true
	}
	if nr != unix.SYS_IOCTL && Unknown(nr) != "" {
		return true // it is said
	}
	row, ok := abi.Lookup(nr)
	for i := range row.Args {
		if ok && row.Args[i] != abi.None && row.Arg(i).Memory.Direction != abi.Value {
			return true
		}
	}
	return false
}
