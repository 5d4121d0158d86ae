package tracetool

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

func TestFieldKinds(t *testing.T) {
	s := []field{{"a", fU8, 0}, {"b", fX32, 0}, {"", fTimes, 2}, {"c", fD16, 0}, {"", fNonzero, 0}, {"d", fU32, 0}, {"in", fOpen, 0}, {"e", fStr, 4}, {"", fClose, 0},
		{"", fElems, 2}, {"f", fU8, 0}, {"", fClose, 0}, {"", fAbbrev, 0}, {"g", fU64, 0}}
	b := mem([32]byte{1, 0, 0, 0, 2, 0, 0, 0, 0xff, 0xff, 3, 0, 0, 0, 0, 0, 'x'})
	if n := sizeOf(s); n != 32 {
		t.Errorf("size %d", n)
	}
	c := printer{Line: systrap.LineOn(keep[:])}
	c.structAt(uint64(b), s)
	wantLine(t, string(c.Bytes()), `{a=1, b=0x2, c=[-1, 3], in={e="x"}, [{f=0}, {f=0}], ...}`)

	grow := []field{{"a", fU32, 0}, {"", fGrow, 0}, {"b", fU32, 0}, {"c", fX32, 0}}
	c = printer{Line: systrap.LineOn(keep[:])}
	c.structPart(uint64(b), grow, 8)
	wantLine(t, string(c.Bytes()), `{a=1, b=2}`)
}

func TestKeyctl(t *testing.T) {
	wantLine(t, as(7, unix.SYS_ADD_KEY, cstring("user"), cstring("d"), cstring("pay"), 3, ^uintptr(2)), `add_key("user", "d", "pay", 3, KEY_SPEC_SESSION_KEYRING) = 7`)
	wantLine(t, as(0, unix.SYS_KEYCTL, 5, ^uintptr(0), 0x03000001), `keyctl(KEYCTL_SETPERM, KEY_SPEC_THREAD_KEYRING, KEY_POS_VIEW|KEY_POS_READ|KEY_OTH_VIEW) = 0`)
}

func TestIpcctl(t *testing.T) {
	wantLine(t, as(0, unix.SYS_SEMCTL, 1, 2, 16, 5), `semctl(1, 2, SETVAL, 0x5)               = 0`)
	wantLine(t, as(0, unix.SYS_SHMCTL, 1, 0, 0), `shmctl(1, IPC_RMID, NULL)               = 0`)
	wantLine(t, as(0, unix.SYS_MSGCTL, 1, 0, 0), `msgctl(1, IPC_RMID, NULL)               = 0`)
}

func TestQuota(t *testing.T) {
	wantLine(t, as(-14, unix.SYS_QUOTACTL, 0x80000100, cstring("/dev/sda"), 0, 0), `quotactl(QCMD(Q_SYNC, USRQUOTA), "/dev/sda") = -1 EFAULT (Bad address)`)
}

func TestPerf(t *testing.T) {
	attr := mem([16]uint64{1 | 64<<32, 1, 1000})
	wantLine(t, as(3, unix.SYS_PERF_EVENT_OPEN, attr, 0, minus1, minus1, 8),
		`perf_event_open({type=PERF_TYPE_SOFTWARE, size=PERF_ATTR_SIZE_VER0, config=PERF_COUNT_SW_TASK_CLOCK, sample_period=1000, sample_type=0, read_format=0, precise_ip=0 /* arbitrary skid */, ...}, 0, -1, -1, PERF_FLAG_FD_CLOEXEC) = 3`)
}

func TestBpf(t *testing.T) {
	wantLine(t, as(-22, unix.SYS_BPF, 3, mem([2]uint64{7, 0}), 16), `bpf(BPF_MAP_DELETE_ELEM, {map_fd=7, key=NULL}, 16) = -1 EINVAL (Invalid argument)`)
	wantLine(t, as(5, unix.SYS_BPF, 0, mem([5]uint32{1, 4, 8, 2}), 20),
		`bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_HASH, key_size=4, value_size=8, max_entries=2, map_flags=0}, 20) = 5`)
	wantLine(t, as(-22, unix.SYS_BPF, 0xfff, 0x10, 16), `bpf(0xfff /* BPF_??? */, 0x10, 16)      = -1 EINVAL (Invalid argument)`)
}

func TestBpfAnswers(t *testing.T) {
	wantLine(t, as(-9, unix.SYS_BPF, 15, mem([2]uint64{^uint64(0), 0x1000}), 16), `bpf(BPF_OBJ_GET_INFO_BY_FD, {info={bpf_fd=-1, info_len=4294967295, info=0x1000}}, 16) = -1 EBADF (Bad file descriptor)`)
	link := mem([8]uint32{3, 4, 28, 0, 0, 0, 0, 0})
	wantLine(t, as(-9, unix.SYS_BPF, 28, link, 28), `bpf(BPF_LINK_CREATE, {link_create={prog_fd=3, target_fd=4, attach_type=BPF_TRACE_ITER, flags=0, iter_info=NULL, iter_info_len=0}}, 28) = -1 EBADF (Bad file descriptor)`)
}
