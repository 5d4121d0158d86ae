package decode_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/text"
)

func TestFieldKinds(t *testing.T) {
	s := []text.Field{{Name: "a", Kind: text.U8}, {Name: "b", Kind: text.X32}, {Kind: text.Times, Arg: 2}, {Name: "c", Kind: text.D16}, {Kind: text.Nonzero}, {Name: "d", Kind: text.U32}, {Name: "in", Kind: text.Open}, {Name: "e", Kind: text.Str, Arg: 4}, {Kind: text.Close},
		{Kind: text.Elems, Arg: 2}, {Name: "f", Kind: text.U8}, {Kind: text.Close}, {Kind: text.Abbrev}, {Name: "g", Kind: text.U64}}
	b := decodetest.Mem([32]byte{1, 0, 0, 0, 2, 0, 0, 0, 0xff, 0xff, 3, 0, 0, 0, 0, 0, 'x'})
	if n := text.SizeOf(s); n != 32 {
		t.Errorf("size %d", n)
	}
	c := text.Printer{Line: systrap.LineOn(decodetest.Keep[:])}
	c.StructAt(uint64(b), s)
	decodetest.WantLine(t, string(c.Bytes()), `{a=1, b=0x2, c=[-1, 3], in={e="x"}, [{f=0}, {f=0}], ...}`)

	grow := []text.Field{{Name: "a", Kind: text.U32}, {Kind: text.Grow}, {Name: "b", Kind: text.U32}, {Name: "c", Kind: text.X32}}
	c = text.Printer{Line: systrap.LineOn(decodetest.Keep[:])}
	c.StructPart(uint64(b), grow, 8)
	decodetest.WantLine(t, string(c.Bytes()), `{a=1, b=2}`)
}

func TestKeyctl(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(7, unix.SYS_ADD_KEY, decodetest.Cstring("user"), decodetest.Cstring("d"), decodetest.Cstring("pay"), 3, ^uintptr(2)), `add_key("user", "d", "pay", 3, KEY_SPEC_SESSION_KEYRING) = 7`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_KEYCTL, 5, ^uintptr(0), 0x03000001), `keyctl(KEYCTL_SETPERM, KEY_SPEC_THREAD_KEYRING, KEY_POS_VIEW|KEY_POS_READ|KEY_OTH_VIEW) = 0`)
}

func TestIpcctl(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SEMCTL, 1, 2, 16, 5), `semctl(1, 2, SETVAL, 0x5)               = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_SHMCTL, 1, 0, 0), `shmctl(1, IPC_RMID, NULL)               = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_MSGCTL, 1, 0, 0), `msgctl(1, IPC_RMID, NULL)               = 0`)
}

// TestUnknown: strace prints a call that it does not know as with -e raw=.
func TestUnknown(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(500, 500, 1, 2, 3, 4, 5, 6), `syscall_0x1f4(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = 0x1f4`)
	decodetest.WantLine(t, decodetest.As(0, 500, 1, 2, 3, 4, 5, 6), `syscall_0x1f4(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = 0`)
}

func TestQuota(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(-14, unix.SYS_QUOTACTL, 0x80000100, decodetest.Cstring("/dev/sda"), 0, 0), `quotactl(QCMD(Q_SYNC, USRQUOTA), "/dev/sda") = -1 EFAULT (Bad address)`)
}

func TestPerf(t *testing.T) {
	attr := decodetest.Mem([16]uint64{1 | 64<<32, 1, 1000})
	decodetest.WantLine(t, decodetest.As(3, unix.SYS_PERF_EVENT_OPEN, attr, 0, decodetest.Minus1, decodetest.Minus1, 8),
		`perf_event_open({type=PERF_TYPE_SOFTWARE, size=PERF_ATTR_SIZE_VER0, config=PERF_COUNT_SW_TASK_CLOCK, sample_period=1000, sample_type=0, read_format=0, precise_ip=0 /* arbitrary skid */, ...}, 0, -1, -1, PERF_FLAG_FD_CLOEXEC) = 3`)
}

func TestBpf(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(-22, unix.SYS_BPF, 3, decodetest.Mem([2]uint64{7, 0}), 16), `bpf(BPF_MAP_DELETE_ELEM, {map_fd=7, key=NULL}, 16) = -1 EINVAL (Invalid argument)`)
	decodetest.WantLine(t, decodetest.As(5, unix.SYS_BPF, 0, decodetest.Mem([5]uint32{1, 4, 8, 2}), 20),
		`bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_HASH, key_size=4, value_size=8, max_entries=2, map_flags=0}, 20) = 5`)
	decodetest.WantLine(t, decodetest.As(-22, unix.SYS_BPF, 0xfff, 0x10, 16), `bpf(0xfff /* BPF_??? */, 0x10, 16)      = -1 EINVAL (Invalid argument)`)
}

func TestBpfAnswers(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(-9, unix.SYS_BPF, 15, decodetest.Mem([2]uint64{^uint64(0), 0x1000}), 16), `bpf(BPF_OBJ_GET_INFO_BY_FD, {info={bpf_fd=-1, info_len=4294967295, info=0x1000}}, 16) = -1 EBADF (Bad file descriptor)`)
	link := decodetest.Mem([8]uint32{3, 4, 28, 0, 0, 0, 0, 0})
	decodetest.WantLine(t, decodetest.As(-9, unix.SYS_BPF, 28, link, 28), `bpf(BPF_LINK_CREATE, {link_create={prog_fd=3, target_fd=4, attach_type=BPF_TRACE_ITER, flags=0, iter_info=NULL, iter_info_len=0}}, 28) = -1 EBADF (Bad file descriptor)`)
}
