package core

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
	"libsystrap/internal/sys"
	"libsystrap/internal/tracelog"
	"libsystrap/rawsys"
	"libsystrap/systrap/line"
)

// One library of ours can be in a process: a second would patch the text of the
// first, and take its signals. So the first, as it looks at all images before the
// program runs, tells the others, whose DT_INIT comes later: it fills in their
// presence. A library finds it by e_entry of the other's ELF header, which nobody
// else uses in a library (internal/freestanding, dynamic.go).
// See docs/decisions/one-library-per-process.md.

// presence has a layout that all builds share.
var presence = inject.Presence{Magic: inject.PresenceMagic, Version: inject.Version}

// supplanted says whether another library of ours is at work in this process. That of
// an older build does not say so, but has patched our text.
func supplanted() bool {
	if presence.By == 0 && !rawsys.Patched() {
		return false
	}
	if presence.Quiet == 0 {
		sayStaysOut()
	}
	return true
}

// askPresence is an argument of rt_sigaction(2) that the kernel does not look at.
const askPresence = 0x7379737472617000

// behindInjected says whether a library that was put into this process before its loader ran is at work in it: that one has seen
// none of the images, and patches nothing before a call has been made some times. It is asked by a call that the kernel answers with
// EINVAL, which must be one that no filter forbids.
func behindInjected() bool {
	if injection() != nil || !sys.MayCall(unix.SYS_RT_SIGACTION) ||
		int64(rawsys.Syscall(unix.SYS_RT_SIGACTION, 0, 0, 0, sys.SigSetSize, askPresence, 0)) != -int64(unix.EBUSY) {
		return false
	}
	if !self.Execed {
		sayStaysOut()
	}
	return true
}

// sayStaysOut says which tool is there, if that is known, and which is not at work.
func sayStaysOut() {
	toolMain()
	var buf [300]byte
	l := line.On(buf[:])
	if presence.By != 0 {
		l.Str("the tool ")
		l.Raw(unsafe.Slice((*byte)(sys.Ptr(uintptr(presence.By))), int(presence.Len)))
	} else {
		l.Str("another tool")
	}
	l.Str(" is in this process already: ")
	l.Str(tracelog.ToolName())
	l.Str(" stays out; `systrap build -o both.so ./a ./b` makes one library of two tools")
	tracelog.Complain(&l)
}

// keepOut says whether an image is another library of ours, and keeps it from
// starting.
func keepOut(b *bootImage) bool {
	init := toolInit(uintptr(b.base), b.end-b.base)
	if init == 0 {
		return false
	}
	entry := *(*uint64)(sys.Ptr(uintptr(b.base) + elfEntry))
	if entry != 0 && entry < b.end-b.base-uint64(unsafe.Offsetof(presence.Version)) && entry%8 == 0 {
		if p := (*inject.Presence)(sys.Ptr(uintptr(b.base + entry))); p.Magic == inject.PresenceMagic {
			name := tracelog.ToolName()
			p.By, p.Len = uint64(uintptr(unsafe.Pointer(unsafe.StringData(name)))), uint64(len(name))
			if self.Execed {
				p.Quiet = 1
			}
			return true
		}
	}
	// An older build: its DT_INIT returns at once.
	const ret = 0xc3
	var w codeWriter
	w.begin(init, init+1, unix.PROT_READ|unix.PROT_EXEC)
	if w.put(init, ret) && !self.Execed {
		tracelog.Warn("an older library of `systrap build` is loaded, too: it is kept out, as there can be one")
	}
	w.end()
	return true
}

// ELF fields (gABI, chapters 4 and 5), in bytes, and dynamic tags.
const (
	elfMagic    = 0x464c457f // "\x7fELF" as a number
	elfKind     = 16
	elfEntry    = 24
	ehdrSize    = 64
	phdrSize    = 56
	ptDynamic   = 2
	phVaddr     = 16
	phMemsz     = 40
	dtInit      = 12
	dtFlags1    = 0x6ffffffb
	toolFlags1  = 0x28 // DF_1_INITFIRST|DF_1_NODELETE, and nothing else
	dynamicSize = 16
)

// toolInit returns the address of DT_INIT of a library that systrap build made, which
// lies in size bytes at base, with its headers in the first page; 0 for any other image.
func toolInit(base uintptr, size uint64) uint64 {
	const head = sys.PageSize
	if size < head || *(*uint32)(sys.Ptr(base)) != elfMagic || *(*uint16)(sys.Ptr(base + elfKind)) != elfDyn {
		return 0 // in a program whose addresses are fixed they are no offsets
	}
	off, num := *(*uint64)(sys.Ptr(base + elfPhoff)), uint64(*(*uint16)(sys.Ptr(base + elfPhnum)))
	if off < ehdrSize || off > head || num*phdrSize > head-off {
		return 0
	}
	init, flags := uint64(0), uint64(0)
	for i := uint64(0); i < num; i++ {
		ph := base + uintptr(off+i*phdrSize)
		if *(*uint32)(sys.Ptr(ph)) != ptDynamic {
			continue
		}
		at, n := *(*uint64)(sys.Ptr(ph + phVaddr)), *(*uint64)(sys.Ptr(ph + phMemsz))
		if at >= size || n > size-at {
			return 0
		}
		for ; n >= dynamicSize; n -= dynamicSize {
			d := (*[2]uint64)(sys.Ptr(base + uintptr(at)))
			switch d[0] {
			case 0:
				n = dynamicSize
			case dtInit:
				init = d[1]
			case dtFlags1:
				flags = d[1]
			}
			at += dynamicSize
		}
	}
	if flags != toolFlags1 || init == 0 || init >= size {
		return 0
	}
	return uint64(base) + init
}
