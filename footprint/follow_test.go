package footprint

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// TestFollow are calls whose objects point to others, and what is known of them when they have returned.
func TestFollow(t *testing.T) {
	b, base := arena(t)
	put := func(at int, content []byte) uint64 {
		copy(b[at:], content)
		return base + uint64(at)
	}
	text256 := func(at int, s string) uint64 { return put(at, append([]byte(s), 0)) }
	iov := put(0x100, words(base+0x1000, 10, base+0x1100, 1<<63, base+0x1200, 5))
	negative := put(0x180, words(base+0x1000, 10))
	msg := put(0x200, words(base+0x800, 16, iov, 2, base+0x900, 64, 0))
	argv := put(0x300, words(text256(0x400, "a"), text256(0x410, "bc"), 0))
	clone3 := put(0x500, words(unix.CLONE_PIDFD|unix.CLONE_PARENT_SETTID|unix.CLONE_CHILD_SETTID|unix.CLONE_CHILD_CLEARTID,
		base+0x600, base+0x610, base+0x620, 0, 0, 0, 0, base+0x630, 2, 0))
	for _, c := range []struct {
		name          string
		call          systrap.Call
		change        func() // by the call
		before, after string
	}{
		{
			name:   "readv, a length that no memory has",
			call:   systrap.Call{Sysno: unix.SYS_READV, Args: [6]uint64{0, iov, 2}, Result: 12},
			before: "1 reads +256..32; 1[0].iov_base writes +4096..10 MayChange Bound; 1[1].iov_base writes +4352..2147479542 MayChange Bound",
			after:  "1[0].iov_base writes +4096..10 MayChange; 1[1].iov_base writes +4352..2 MayChange",
		}, {
			name:   "readv, an array that ends with memory",
			call:   systrap.Call{Sysno: unix.SYS_READV, Args: [6]uint64{0, base + 0x2000 - 8, 2}, Result: -int64(unix.EFAULT)},
			before: "1 reads +8184..32", after: "",
		}, {
			name:   "readv, more elements than there can be",
			call:   systrap.Call{Sysno: unix.SYS_READV, Args: [6]uint64{0, iov, 1025}, Result: -int64(unix.EINVAL)},
			before: "", after: "",
		}, {
			name:   "writev, of whose count the kernel takes the lower half",
			call:   systrap.Call{Sysno: unix.SYS_WRITEV, Args: [6]uint64{1, negative, 1<<32 + 1}, Result: 10},
			before: "1 reads +384..16; 1[0].iov_base reads +4096..10 MayChange", after: "",
		}, {
			name:   "writev, of whose count that is nothing",
			call:   systrap.Call{Sysno: unix.SYS_WRITEV, Args: [6]uint64{1, negative, 1 << 63}},
			before: "", after: "",
		}, {
			name:   "writev",
			call:   systrap.Call{Sysno: unix.SYS_WRITEV, Args: [6]uint64{1, negative, 1}, Result: 10},
			before: "1 reads +384..16; 1[0].iov_base reads +4096..10 MayChange", after: "",
		}, {
			name: "recvmsg, of whose address and control data less came",
			call: systrap.Call{Sysno: unix.SYS_RECVMSG, Args: [6]uint64{3, msg}, Result: 12},
			change: func() {
				b[0x208] = 28 // the address would be longer than there was room
				b[0x228] = 20
			},
			before: "1 reads +512..56; 1msg_namelen writes +520..4; 1msg_name writes +2048..16 MayChange Bound; 1msg_controllen writes +552..8; " +
				"1msg_flags writes +560..4; 1msg_control writes +2304..64 MayChange Bound; 1msg_iov reads +256..32 MayChange; " +
				"1msg_iov[0].iov_base writes +4096..10 MayChange Bound; 1msg_iov[1].iov_base writes +4352..2147479542 MayChange Bound",
			after: "1msg_namelen writes +520..4; 1msg_name writes +2048..16 MayChange; 1msg_controllen writes +552..8; " +
				"1msg_flags writes +560..4; 1msg_control writes +2304..20 MayChange; " +
				"1msg_iov[0].iov_base writes +4096..10 MayChange; 1msg_iov[1].iov_base writes +4352..2 MayChange",
		}, {
			name:   "execve",
			call:   systrap.Call{Sysno: unix.SYS_EXECVE, Args: [6]uint64{base + 0x400, argv, 0}, Result: -int64(unix.ENOENT)},
			before: "0 reads +1024..2 MayChange; 1 reads +768..24 MayChange; 1[0] reads +1024..2 MayChange; 1[1] reads +1040..3 MayChange", after: "",
		}, {
			name: "clone3, a process",
			call: systrap.Call{Sysno: unix.SYS_CLONE3, Args: [6]uint64{clone3, 88}, Result: 100},
			before: "0 reads +1280..88; 0pidfd writes +1536..4 MayChange; 0parent_tid writes +1568..4 MayChange; 0child_tid writes +1552..4 MayChange InChild; " +
				"0child_tid writes later +1552..4 MayChange InChild; 0set_tid reads +1584..8 MayChange",
			after: "0pidfd writes +1536..4 MayChange; 0parent_tid writes +1568..4 MayChange; 0child_tid writes +1552..4 MayChange InChild; " +
				"0child_tid writes later +1552..4 MayChange InChild",
		}, {
			name:   "clone3, in the child",
			call:   systrap.Call{Sysno: unix.SYS_CLONE3, Args: [6]uint64{clone3, 88}, Child: true},
			before: "0 reads +1280..88; 0child_tid writes +1552..4 MayChange; 0child_tid writes later +1552..4 MayChange; 0set_tid reads +1584..8 MayChange",
			after:  "0child_tid writes +1552..4 MayChange; 0child_tid writes later +1552..4 MayChange",
		}, {
			name:   "munmap",
			call:   systrap.Call{Sysno: unix.SYS_MUNMAP, Args: [6]uint64{base + 0x1000, 1}},
			before: "0 maps +4096..4096", after: "0 maps +4096..4096",
		}, {
			name:   "mprotect",
			call:   systrap.Call{Sysno: unix.SYS_MPROTECT, Args: [6]uint64{base, 0x1001, 1}, Result: -int64(unix.ENOMEM)},
			before: "0 maps +0..8192 Keeps", after: "",
		}, {
			name:   "mremap to where the kernel likes",
			call:   systrap.Call{Sysno: unix.SYS_MREMAP, Args: [6]uint64{base, 4096, 8192, unix.MREMAP_MAYMOVE}, Result: int64(base + 0x10000)},
			before: "0 maps +0..4096", after: "0 maps +0..4096; -1 maps +65536..8192",
		}, {
			name:   "process_vm_writev",
			call:   systrap.Call{Sysno: unix.SYS_PROCESS_VM_WRITEV, Args: [6]uint64{77, iov, 1, negative, 1, 0}, Result: 4},
			before: "1 reads +256..16; 1[0].iov_base reads +4096..10 MayChange; 3 reads +384..16; 3[0].iov_base writes +4096..10 MayChange Bound pid 77",
			after:  "3[0].iov_base writes +4096..4 MayChange pid 77",
		}, {
			name:   "an address at the end of the address space",
			call:   systrap.Call{Sysno: unix.SYS_READ, Args: [6]uint64{0, spaceEnd - 8, 100}, Result: -int64(unix.EFAULT)},
			before: "1 writes +0..8 Bound Cut", after: "1 writes +0..8 Bound Cut",
		}, {
			name:   "an address behind it",
			call:   systrap.Call{Sysno: unix.SYS_READ, Args: [6]uint64{0, 1 << 63, 100}, Result: -int64(unix.EFAULT)},
			before: "", after: "",
		}, {
			name:   "overlapping arguments",
			call:   systrap.Call{Sysno: unix.SYS_NANOSLEEP, Args: [6]uint64{base, base + 8}, Result: -int64(unix.EINTR)},
			before: "0 reads +0..16; 1 writes +8..16 Bound", after: "1 writes +8..16",
		}, {
			name:   "not made",
			call:   systrap.Call{Sysno: unix.SYS_READ, Args: [6]uint64{0, base, 100}, Result: -513, Interrupted: true, NotMade: true},
			before: "1 writes +0..100 Bound", after: "",
		}, {
			name:   "set_tid_address",
			call:   systrap.Call{Sysno: unix.SYS_SET_TID_ADDRESS, Args: [6]uint64{base}, Result: 5},
			before: "0 writes later +0..4", after: "0 writes later +0..4",
		},
	} {
		rel := base
		if c.call.Args[1] == spaceEnd-8 {
			rel = spaceEnd - 8
		}
		if got := all(Before(&c.call), rel); got != c.before {
			t.Errorf("%s, before:\n%s\nwant\n%s", c.name, got, c.before)
		}
		saved := Save(&c.call)
		if c.change != nil {
			c.change()
		}
		if got := all(After(&c.call, saved), rel); got != c.after {
			t.Errorf("%s, after:\n%s\nwant\n%s", c.name, got, c.after)
		}
	}
}
