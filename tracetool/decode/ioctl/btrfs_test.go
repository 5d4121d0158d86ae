package ioctl_test

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/text"
)

func TestBtrfs(t *testing.T) {
	do := func(result int64, cmd, arg uintptr) string { return decodetest.As(result, unix.SYS_IOCTL, 4, cmd, arg) }
	key := [512]uint64{5, 256, 1<<64 - 256, 0, 1<<64 - 1, 0, 1<<64 - 1, 84 | 96<<32, 2}
	copy(key[13:], []uint64{7, 256, 3, 84})
	copy(key[17:], []uint64{7, 257, 4, 1})
	paths := uint64(decodetest.Mem([8]uint64{0, 2, 16, 21, 0x74722f617461 /* at 16: "ata/rt" */, 0}))
	inherit := uint64(decodetest.Mem([10]uint64{1, 1, 0, 0, 2, 0, 4096, 0, 0, 0x105}))
	for _, c := range []struct {
		result   int64
		cmd, arg uintptr
		want     string
	}{
		{0, names.BTRFS_IOC_SUBVOL_CREATE, decodetest.Mem([512]uint64{0, 0x6c6f76}), `ioctl(4, BTRFS_IOC_SUBVOL_CREATE, {fd=0, name="vol"}) = 0`},
		{-9, names.BTRFS_IOC_SUBVOL_CREATE, decodetest.LastPage(t, 8), `ioctl(4, BTRFS_IOC_SUBVOL_CREATE, ‹hex›) = -1 EBADF (Bad file descriptor)`},
		{0, names.BTRFS_IOC_SUBVOL_CREATE_V2, decodetest.Mem([512]uint64{0, 9, 4, 80, inherit, 0, 0, 0x6c6f76}), `ioctl(4, BTRFS_IOC_SUBVOL_CREATE_V2, {fd=0, flags=BTRFS_SUBVOL_QGROUP_INHERIT, size=80, qgroup_inherit={flags=BTRFS_QGROUP_INHERIT_SET_LIMITS, ` +
			`num_qgroups=1, num_ref_copies=0, num_excl_copies=0, lim={flags=BTRFS_QGROUP_LIMIT_MAX_EXCL, max_rfer=0, max_excl=4096, rsv_rfer=0, rsv_excl=0}, ...}, name="vol"} => {transid=9}) = 0`},
		{0, names.BTRFS_IOC_SUBVOL_GETFLAGS, decodetest.Mem(uint64(2)), `ioctl(4, BTRFS_IOC_SUBVOL_GETFLAGS, BTRFS_SUBVOL_RDONLY) = 0`},
		{0, names.BTRFS_IOC_TREE_SEARCH, decodetest.Mem(key), `ioctl(4, BTRFS_IOC_TREE_SEARCH, {key={tree_id=BTRFS_FS_TREE_OBJECTID, min_offset=0, max_offset=UINT64_MAX, min_transid=0, max_transid=UINT64_MAX, ` +
			`min_type=BTRFS_DIR_ITEM_KEY, max_type=BTRFS_DIR_INDEX_KEY, nr_items=2}} => {key={nr_items=2}, ...}) = 0`},
		{0, names.BTRFS_IOC_INO_LOOKUP, decodetest.Mem([512]uint64{0, 257, 0x2f61}), `ioctl(4, BTRFS_IOC_INO_LOOKUP, {treeid=0, objectid=257} => {treeid=0, name="a/"}) = 0`},
		{0, names.BTRFS_IOC_SPACE_INFO, decodetest.Mem([2]uint64{0, 3}), `ioctl(4, BTRFS_IOC_SPACE_INFO, {space_slots=0} => {total_spaces=3}) = 0`},
		{-25, names.BTRFS_IOC_FS_INFO, 0xdeadbeef, `ioctl(4, BTRFS_IOC_FS_INFO, 0xdeadbeef) = -1 ENOTTY (Inappropriate ioctl for device)`},
		{0, names.BTRFS_IOC_FS_INFO, decodetest.Mem([128]uint64{1, 1, 0x0123456789abcdef, 0, 4096<<32 | 16384, 4096, 2, 77}), `ioctl(4, BTRFS_IOC_FS_INFO, {max_id=1, num_devices=1, fsid=efcdab89-6745-2301-0000-000000000000, ` +
			`nodesize=16384, sectorsize=4096, clone_alignment=4096, flags=BTRFS_FS_INFO_FLAG_GENERATION, generation=77}) = 0`},
		{0, names.BTRFS_IOC_BALANCE_CTL, 2, `ioctl(4, BTRFS_IOC_BALANCE_CTL, BTRFS_BALANCE_CTL_CANCEL) = 0`},
		{0, names.BTRFS_IOC_INO_PATHS, decodetest.Mem([7]uint64{257, 48, 0, 0, 0, 0, paths}), `ioctl(4, BTRFS_IOC_INO_PATHS, {inum=257, size=48, fspath=‹hex›} => {fspath={bytes_left=0, bytes_missing=0, elem_cnt=2, elem_missed=0, ...}}) = 0`},
		{-1, names.BTRFS_IOC_SET_RECEIVED_SUBVOL, decodetest.Mem([25]uint64{1, 2, 3, 0, 1 << 40, 38000000}), `ioctl(4, BTRFS_IOC_SET_RECEIVED_SUBVOL, {uuid=01000000-0000-0000-0200-000000000000, ` +
			`stransid=3, stime={sec=1099511627776, nsec=38000000} /* 36812-02-20T00:36:16.038000000+0000 */, flags=0}) = -1 EPERM (Operation not permitted)`},
		{0, names.BTRFS_IOC_GET_DEV_STATS, decodetest.Mem([129]uint64{1, 2, 0, 5}), `ioctl(4, BTRFS_IOC_GET_DEV_STATS, {devid=makedev(0, 0x1), nr_items=2, flags=0} => {nr_items=2, flags=0, [[BTRFS_DEV_STAT_WRITE_ERRS]=5, [BTRFS_DEV_STAT_READ_ERRS]=0]}) = 0`},
		{0, names.BTRFS_IOC_DEV_REPLACE, decodetest.Mem([325]uint64{1, 0, 2, 1000}), `ioctl(4, BTRFS_IOC_DEV_REPLACE, {cmd=BTRFS_IOCTL_DEV_REPLACE_CMD_STATUS} => {result=BTRFS_IOCTL_DEV_REPLACE_RESULT_NO_ERROR, ` +
			`status={replace_state=BTRFS_IOCTL_DEV_REPLACE_STATE_FINISHED, progress_1000=1000 /* 100.0% */, time_started=0, time_stopped=0, num_write_errors=0, num_uncorrectable_read_errors=0}}) = 0`},
	} {
		decodetest.WantLine(t, do(c.result, c.cmd, c.arg), c.want)
	}
	decodetest.Unabbreviated(func() {
		decodetest.WantLine(t, do(0, names.BTRFS_IOC_INO_PATHS, decodetest.Mem([7]uint64{257, 48, 0, 0, 0, 0, paths})),
			`ioctl(4, BTRFS_IOC_INO_PATHS, {inum=257, size=48, fspath=‹hex›} => {fspath={bytes_left=0, bytes_missing=0, elem_cnt=2, elem_missed=0, val=["ata/rt", "t"]}}) = 0`)
		key[8] = 3 // one more than there are before the end
		copy(key[20:], []uint64{1 | 4000<<32})
		line := do(0, names.BTRFS_IOC_TREE_SEARCH, decodetest.Mem(key))
		decodetest.WantLine(t, line[strings.Index(line, "=> "):], `=> {key={nr_items=3}, buf=[{transid=7, objectid=BTRFS_FIRST_FREE_OBJECTID, offset=3, type=BTRFS_DIR_ITEM_KEY, len=0}, {transid=7, objectid=257, offset=4, type=BTRFS_INODE_ITEM_KEY, len=4000}, ...]}) = 0`)
	})
	decodetest.InStyle(text.StyleRaw, func() {
		decodetest.WantLine(t, do(0, names.BTRFS_IOC_BALANCE_CTL, 2), `ioctl(4, 0x40049421, 0x2)               = 0`)
	})
}
