package ioctl

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Btrfs (linux/btrfs.h, linux/btrfs_tree.h); what is more than a table of
// fields is in ioctlbtrfsdata.go.

var ioctlBtrfs = []Arg{
	{cmd: names.BTRFS_IOC_TRANS_START}, {cmd: names.BTRFS_IOC_TRANS_END}, {cmd: names.BTRFS_IOC_SYNC}, {cmd: names.BTRFS_IOC_DEFRAG}, {cmd: names.BTRFS_IOC_BALANCE},
	{cmd: names.BTRFS_IOC_SCRUB_CANCEL}, {cmd: names.BTRFS_IOC_QUOTA_RESCAN_WAIT},
	{cmd: names.BTRFS_IOC_SNAP_CREATE, k: Struct, S: sBtrfsVol}, {cmd: names.BTRFS_IOC_RESIZE, k: Struct, S: sBtrfsVol},
	{cmd: names.BTRFS_IOC_SCAN_DEV, k: Struct, S: sBtrfsVol}, {cmd: names.BTRFS_IOC_FORGET_DEV, k: Struct, S: sBtrfsVol},
	{cmd: names.BTRFS_IOC_ADD_DEV, k: Struct, S: sBtrfsVol}, {cmd: names.BTRFS_IOC_RM_DEV, k: Struct, S: sBtrfsVol},
	{cmd: names.BTRFS_IOC_SUBVOL_CREATE, k: Struct, S: sBtrfsVol}, {cmd: names.BTRFS_IOC_SNAP_DESTROY, k: Struct, S: sBtrfsVol},
	{cmd: names.BTRFS_IOC_DEVICES_READY, k: Struct, S: sBtrfsVol},
	{cmd: names.BTRFS_IOC_SNAP_CREATE_V2, k: Special}, {cmd: names.BTRFS_IOC_SUBVOL_CREATE_V2, k: Special},
	{cmd: names.BTRFS_IOC_DEFRAG_RANGE, k: Struct, S: []text.Field{{Name: "start", Kind: text.U64}, {Name: "len", Kind: text.N64, Arg: names.BtrfsMax}, {Name: "flags", Kind: text.F64, Arg: names.BtrfsDefrag},
		{Name: "extent_thresh", Kind: text.U32}, {Name: "compress_type", Kind: text.V32, Arg: names.BtrfsCompress}, {Kind: text.Pad, Arg: 16}}},
	{cmd: names.BTRFS_IOC_TREE_SEARCH, k: Special}, {cmd: names.BTRFS_IOC_TREE_SEARCH_V2, k: Special},
	{cmd: names.BTRFS_IOC_INO_LOOKUP, k: Special},
	{cmd: names.BTRFS_IOC_DEFAULT_SUBVOL, k: U64At}, {cmd: names.BTRFS_IOC_START_SYNC, k: U64At | Out}, {cmd: names.BTRFS_IOC_WAIT_SYNC, k: U64At},
	{cmd: names.BTRFS_IOC_SPACE_INFO, k: Special},
	{cmd: names.BTRFS_IOC_SUBVOL_GETFLAGS, k: Flag64Bare | Out, X: names.BtrfsSubvol}, {cmd: names.BTRFS_IOC_SUBVOL_SETFLAGS, k: Flag64Bare, X: names.BtrfsSubvol},
	{cmd: names.BTRFS_IOC_SCRUB, k: Both, S: []text.Field{{Name: "devid", Kind: text.Dev64}, {Name: "start", Kind: text.U64}, {Name: "end", Kind: text.N64, Arg: names.BtrfsMax}, {Name: "flags", Kind: text.F64, Arg: names.BtrfsScrub}, {Kind: text.Pad, Arg: 992}},
		s2: sBtrfsProgress},
	{cmd: names.BTRFS_IOC_SCRUB_PROGRESS, k: Both, S: []text.Field{{Name: "devid", Kind: text.Dev64}, {Kind: text.Pad, Arg: 1016}}, s2: sBtrfsProgress},
	{cmd: names.BTRFS_IOC_DEV_INFO, k: Both, S: []text.Field{{Name: "devid", Kind: text.Dev64}, {Kind: text.Nonzero}, {Name: "uuid", Kind: text.Uuid}, {Kind: text.Pad, Arg: 4072}},
		s2: []text.Field{{Kind: text.At, Arg: 8}, {Kind: text.Nonzero}, {Name: "uuid", Kind: text.Uuid}, {Name: "bytes_used", Kind: text.U64}, {Name: "total_bytes", Kind: text.U64}, {Kind: text.At, Arg: 3072}, {Name: "path", Kind: text.Str, Arg: 1024}}},
	{cmd: names.BTRFS_IOC_FS_INFO, k: Special | Out}, {cmd: names.BTRFS_IOC_BALANCE_PROGRESS, k: Special | Out}, {cmd: names.BTRFS_IOC_BALANCE_V2, k: Special},
	{cmd: names.BTRFS_IOC_BALANCE_CTL, k: Val32Arg, X: names.BtrfsCtl}, {cmd: names.BTRFS_IOC_INO_PATHS, k: Special}, {cmd: names.BTRFS_IOC_LOGICAL_INO, k: Special},
	{cmd: names.BTRFS_IOC_SET_RECEIVED_SUBVOL, k: Special}, {cmd: names.BTRFS_IOC_SEND, k: Special},
	{cmd: names.BTRFS_IOC_QUOTA_CTL, k: Struct, S: []text.Field{{Name: "cmd", Kind: text.V64, Arg: names.BtrfsQuota}, {Kind: text.Pad, Arg: 8}}},
	{cmd: names.BTRFS_IOC_QGROUP_ASSIGN, k: Struct, S: []text.Field{{Name: "assign", Kind: text.U64}, {Name: "src", Kind: text.U64}, {Name: "dst", Kind: text.U64}}},
	{cmd: names.BTRFS_IOC_QGROUP_CREATE, k: Struct, S: []text.Field{{Name: "create", Kind: text.U64}, {Name: "qgroupid", Kind: text.U64}}},
	{cmd: names.BTRFS_IOC_QGROUP_LIMIT, k: Struct | Out, S: []text.Field{{Name: "qgroupid", Kind: text.U64}, {Name: "lim", Kind: text.Open}, {Name: "flags", Kind: text.F64, Arg: names.BtrfsLimit}, {Name: "max_rfer", Kind: text.U64},
		{Name: "max_excl", Kind: text.U64}, {Name: "rsv_rfer", Kind: text.U64}, {Name: "rsv_excl", Kind: text.U64}, {Kind: text.Close}}},
	{cmd: names.BTRFS_IOC_QUOTA_RESCAN, k: Struct, S: []text.Field{{Name: "flags", Kind: text.U64}, {Kind: text.Pad, Arg: 56}}},
	{cmd: names.BTRFS_IOC_QUOTA_RESCAN_STATUS, k: Struct | Out, S: []text.Field{{Name: "flags", Kind: text.U64}, {Name: "progress", Kind: text.N64, Arg: names.BtrfsId}, {Kind: text.Pad, Arg: 48}}},
	{cmd: names.BTRFS_IOC_GET_DEV_STATS, k: Special}, {cmd: names.BTRFS_IOC_DEV_REPLACE, k: Special},
	{cmd: names.BTRFS_IOC_GET_FEATURES, k: Struct | Out, S: sBtrfsFeatures}, {cmd: names.BTRFS_IOC_SET_FEATURES, k: Special},
	{cmd: names.BTRFS_IOC_GET_SUPPORTED_FEATURES, k: Special | Out},
}

var (
	sBtrfsVol      = []text.Field{{Name: "fd", Kind: text.Fd64}, {Name: "name", Kind: text.Str, Arg: 4088}}
	sBtrfsFeatures = []text.Field{{Name: "compat_flags", Kind: text.F64, Arg: names.BtrfsCompat}, {Name: "compat_ro_flags", Kind: text.F64, Arg: names.BtrfsCompatRo}, {Name: "incompat_flags", Kind: text.F64, Arg: names.BtrfsIncompat}}
	sBtrfsProgress = []text.Field{{Kind: text.At, Arg: 32}, {Name: "progress", Kind: text.Open}, {Name: "data_extents_scrubbed", Kind: text.U64}, {Name: "tree_extents_scrubbed", Kind: text.U64},
		{Name: "data_bytes_scrubbed", Kind: text.U64}, {Name: "tree_bytes_scrubbed", Kind: text.U64}, {Name: "read_errors", Kind: text.U64}, {Name: "csum_errors", Kind: text.U64}, {Name: "verify_errors", Kind: text.U64},
		{Name: "no_csum", Kind: text.U64}, {Name: "csum_discards", Kind: text.U64}, {Name: "super_errors", Kind: text.U64}, {Name: "malloc_errors", Kind: text.U64}, {Name: "uncorrectable_errors", Kind: text.U64},
		{Name: "corrected_errors", Kind: text.U64}, {Name: "last_physical", Kind: text.U64}, {Name: "unverified_errors", Kind: text.U64}, {Kind: text.Close}}
	sBtrfsLookup    = []text.Field{{Name: "treeid", Kind: text.N64, Arg: names.BtrfsId}, {Name: "objectid", Kind: text.N64, Arg: names.BtrfsId}}
	sBtrfsKeyTreeId = []text.Field{{Name: "treeid", Kind: text.N64, Arg: names.BtrfsId}}
	sBtrfsVol2      = []text.Field{{Name: "fd", Kind: text.Fd64}, {Kind: text.At, Arg: 16}, {Name: "flags", Kind: text.F64, Arg: names.BtrfsSubvol}}
	sBtrfsVol2Name  = []text.Field{{Kind: text.At, Arg: 56}, {Name: "name", Kind: text.Str, Arg: 4040}}
	sBtrfsInherit   = []text.Field{{Name: "flags", Kind: text.F64, Arg: names.BtrfsInherit}, {Name: "num_qgroups", Kind: text.U64}, {Name: "num_ref_copies", Kind: text.U64}, {Name: "num_excl_copies", Kind: text.U64}, {Name: "lim", Kind: text.Open},
		{Name: "flags", Kind: text.F64, Arg: names.BtrfsLimit}, {Name: "max_rfer", Kind: text.U64}, {Name: "max_excl", Kind: text.U64}, {Name: "rsv_rfer", Kind: text.U64}, {Name: "rsv_excl", Kind: text.U64}, {Kind: text.Close}}
	sBtrfsKeyTree = []text.Field{{Name: "tree_id", Kind: text.N64, Arg: names.BtrfsId}}
	sBtrfsKeyMin  = []text.Field{{Kind: text.At, Arg: 8}, {Name: "min_objectid", Kind: text.N64, Arg: names.BtrfsId}}
	sBtrfsKeyMax  = []text.Field{{Kind: text.At, Arg: 16}, {Name: "max_objectid", Kind: text.N64, Arg: names.BtrfsId}}
	sBtrfsKeyRest = []text.Field{{Kind: text.At, Arg: 24}, {Name: "min_offset", Kind: text.N64, Arg: names.BtrfsMax}, {Name: "max_offset", Kind: text.N64, Arg: names.BtrfsMax}, {Name: "min_transid", Kind: text.N64, Arg: names.BtrfsMax},
		{Name: "max_transid", Kind: text.N64, Arg: names.BtrfsMax}, {Name: "min_type", Kind: text.N32, Arg: names.BtrfsKey}, {Name: "max_type", Kind: text.N32, Arg: names.BtrfsKey}, {Name: "nr_items", Kind: text.U32}}
	sBtrfsItem = []text.Field{{Name: "transid", Kind: text.U64}, {Name: "objectid", Kind: text.N64, Arg: names.BtrfsId}, {Name: "offset", Kind: text.U64}, {Name: "type", Kind: text.N32, Arg: names.BtrfsKey}, {Name: "len", Kind: text.U32}}
	sBtrfsInfo = []text.Field{{Name: "max_id", Kind: text.U64}, {Name: "num_devices", Kind: text.U64}, {Name: "fsid", Kind: text.Uuid}, {Name: "nodesize", Kind: text.U32}, {Name: "sectorsize", Kind: text.U32},
		{Name: "clone_alignment", Kind: text.U32}}
	sBtrfsInfoCsum = []text.Field{{Kind: text.At, Arg: 44}, {Name: "csum_type", Kind: text.V16, Arg: names.BtrfsCsum}, {Name: "csum_size", Kind: text.U16}}
	sBtrfsInfoFlag = []text.Field{{Kind: text.At, Arg: 48}, {Name: "flags", Kind: text.F64, Arg: names.BtrfsInfo}}
	sBtrfsInfoGen  = []text.Field{{Kind: text.At, Arg: 56}, {Name: "generation", Kind: text.U64}}
	sBtrfsInfoUuid = []text.Field{{Kind: text.At, Arg: 64}, {Name: "metadata_uuid", Kind: text.Uuid}}
	sBtrfsBalance  = []text.Field{{Name: "profiles", Kind: text.F64, Arg: names.BtrfsProfile}, {Name: "usage", Kind: text.N64, Arg: names.BtrfsMax}, {Name: "devid", Kind: text.Dev64}, {Name: "pstart", Kind: text.N64, Arg: names.BtrfsMax}, {Name: "pend", Kind: text.N64, Arg: names.BtrfsMax},
		{Name: "vstart", Kind: text.N64, Arg: names.BtrfsMax}, {Name: "vend", Kind: text.N64, Arg: names.BtrfsMax}, {Name: "target", Kind: text.N64, Arg: names.BtrfsMax}, {Name: "flags", Kind: text.F64, Arg: names.BtrfsArgs}}
	sBtrfsPaths   = []text.Field{{Name: "inum", Kind: text.U64}, {Name: "size", Kind: text.U64}, {Kind: text.At, Arg: 48}, {Name: "fspath", Kind: text.Ptr}}
	sBtrfsLogical = []text.Field{{Name: "logical", Kind: text.U64}, {Name: "size", Kind: text.U64}, {Kind: text.Nonzero}, {Kind: text.Times, Arg: 3}, {Name: "reserved", Kind: text.X64}, {Name: "flags", Kind: text.F64, Arg: names.BtrfsLogical},
		{Name: "inodes", Kind: text.Ptr}}
	sBtrfsContainer = []text.Field{{Name: "bytes_left", Kind: text.U32}, {Name: "bytes_missing", Kind: text.U32}, {Name: "elem_cnt", Kind: text.U32}, {Name: "elem_missed", Kind: text.U32}}
	sBtrfsSend      = []text.Field{{Name: "send_fd", Kind: text.Fd64}, {Name: "clone_sources_count", Kind: text.U64}}
	sBtrfsSendRest  = []text.Field{{Kind: text.At, Arg: 24}, {Name: "parent_root", Kind: text.N64, Arg: names.BtrfsId}, {Name: "flags", Kind: text.F64, Arg: names.BtrfsSend}}
	sBtrfsStats     = []text.Field{{Name: "devid", Kind: text.Dev64}, {Name: "nr_items", Kind: text.U64}, {Name: "flags", Kind: text.F64, Arg: names.BtrfsStats}}
	sBtrfsStart     = []text.Field{{Kind: text.At, Arg: 16}, {Name: "start", Kind: text.Open}, {Name: "srcdevid", Kind: text.Dev64}, {Name: "cont_reading_from_srcdev_mode", Kind: text.V64, Arg: names.BtrfsReplaceMode},
		{Name: "srcdev_name", Kind: text.Str, Arg: 1025}, {Name: "tgtdev_name", Kind: text.Str, Arg: 1025}, {Kind: text.Close}}
)
