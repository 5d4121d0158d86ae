package ioctl_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/decode/ioctl"
	"libsystrap/tracetool/text"
)

// dmIoctl is a struct dm_ioctl of size bytes with data at offset 312.
func dmIoctl(size int, targets uint32, data ...byte) []byte {
	b := make([]byte, size)
	for i, v := range []uint32{4, 45, 1, uint32(size), 312, targets, 9, 0, 7} {
		binary.LittleEndian.PutUint32(b[4*i:], v)
	}
	b[ioctl.DmDev+1], b[ioctl.DmDev] = 0xfd, 2
	copy(b[ioctl.DmName:], "vg-root")
	copy(b[min(ioctl.DmData+7, size):], data)
	return b
}

func dmTarget(next uint32, text string) []byte {
	b := make([]byte, 64)
	b[8], b[20] = 64, byte(next)
	copy(b[24:], "linear")
	copy(b[40:], text)
	return b
}

func TestDeviceMapper(t *testing.T) {
	do := func(result int64, cmd uintptr, b []byte) string {
		return decodetest.As(result, unix.SYS_IOCTL, 4, cmd, decodetest.LastBytes(t, b...))
	}
	in := `{version=[4, 45, 1], data_size=‹n›, data_start=312, dev=makedev(0xfd, 0x2), name="vg-root", target_count=2, flags=0}`
	out := `{version=[4, 45, 1], data_size=‹n›, data_start=312, dev=makedev(0xfd, 0x2), name="vg-root", target_count=2, open_count=9, event_nr=7, flags=0}`
	sized := func(s, n string) string { return strings.ReplaceAll(s, "‹n›", n) }
	table := append(dmTarget(64, "8:1 0"), dmTarget(0, "8:2 0")...)

	decodetest.WantLine(t, do(-25, names.DM_VERSION, dmIoctl(305, 0)), `ioctl(4, DM_VERSION, [{version=[4, 45, 1], data_size=305, dev=makedev(0xfd, 0x2), name="vg-root", flags=0}]) = -1 ENOTTY (Inappropriate ioctl for device)`)
	decodetest.WantLine(t, do(0, names.DM_TABLE_LOAD, dmIoctl(440, 2, table...)), `ioctl(4, DM_TABLE_LOAD, [`+sized(in, "440")+`, ...] => [`+sized(out, "440")+`]) = 0`)
	decodetest.WantLine(t, decodetest.As(-25, unix.SYS_IOCTL, 4, names.DM_TABLE_LOAD, 0xdeadbeef), `ioctl(4, DM_TABLE_LOAD, 0xdeadbeef)     = -1 ENOTTY (Inappropriate ioctl for device)`)
	decodetest.Unabbreviated(func() {
		decodetest.WantLine(t, do(-25, names.DM_TABLE_LOAD, dmIoctl(440, 2, table...)), `ioctl(4, DM_TABLE_LOAD, [`+sized(in, "440")+
			`, {sector_start=0, length=64, target_type="linear", string="8:1 0"}, {sector_start=0, length=64, target_type="linear", string="8:2 0"}]) = -1 ENOTTY (Inappropriate ioctl for device)`)
		// The second target lies behind the memory, then behind data_size.
		decodetest.WantLine(t, do(-25, names.DM_TABLE_LOAD, dmIoctl(440, 2, table...)[:376]), `ioctl(4, DM_TABLE_LOAD, [`+sized(in, "440")+
			`, {sector_start=0, length=64, target_type="linear", string="8:1 0"}, ‹hex›]) = -1 ENOTTY (Inappropriate ioctl for device)`)
		decodetest.WantLine(t, do(-25, names.DM_TABLE_LOAD, dmIoctl(380, 2, table...)), `ioctl(4, DM_TABLE_LOAD, [`+sized(in, "380")+
			`, {sector_start=0, length=64, target_type="linear", string="8:1 0"}, ??? /* misplaced struct dm_target_spec */]) = -1 ENOTTY (Inappropriate ioctl for device)`)
		decodetest.WantLine(t, do(0, names.DM_LIST_DEVICES, dmIoctl(360, 0, 2, 0xfd, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0, 'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'b')),
			`ioctl(4, DM_LIST_DEVICES, [{version=[4, 45, 1], data_size=360, data_start=312, flags=0}] => [{version=[4, 45, 1], data_size=360, data_start=312, flags=0}, `+
				`{dev=makedev(0xfd, 0x2), name="a"}, {dev=makedev(0xfd, 0x3), name="b"}]) = 0`)
	})
	decodetest.InStyle(text.StyleRaw, func() {
		decodetest.WantLine(t, do(-25, names.DM_VERSION, dmIoctl(305, 0)), `ioctl(4, 0xc138fd00, [{version=[4, 45, 1], data_size=305, dev=0xfd02, name="vg-root", flags=0}]) = -1 ENOTTY (Inappropriate ioctl for device)`)
	})
}
