package tracetool

// Btrfs (linux/btrfs.h, linux/btrfs_tree.h); what is more than a table of
// fields is in ioctlbtrfsdata.go.

var ioctlBtrfs = []ioctlArg{
	{cmd: cmdBTRFS_IOC_TRANS_START}, {cmd: cmdBTRFS_IOC_TRANS_END}, {cmd: cmdBTRFS_IOC_SYNC}, {cmd: cmdBTRFS_IOC_DEFRAG}, {cmd: cmdBTRFS_IOC_BALANCE},
	{cmd: cmdBTRFS_IOC_SCRUB_CANCEL}, {cmd: cmdBTRFS_IOC_QUOTA_RESCAN_WAIT},
	{cmd: cmdBTRFS_IOC_SNAP_CREATE, k: iStruct, s: sBtrfsVol}, {cmd: cmdBTRFS_IOC_RESIZE, k: iStruct, s: sBtrfsVol},
	{cmd: cmdBTRFS_IOC_SCAN_DEV, k: iStruct, s: sBtrfsVol}, {cmd: cmdBTRFS_IOC_FORGET_DEV, k: iStruct, s: sBtrfsVol},
	{cmd: cmdBTRFS_IOC_ADD_DEV, k: iStruct, s: sBtrfsVol}, {cmd: cmdBTRFS_IOC_RM_DEV, k: iStruct, s: sBtrfsVol},
	{cmd: cmdBTRFS_IOC_SUBVOL_CREATE, k: iStruct, s: sBtrfsVol}, {cmd: cmdBTRFS_IOC_SNAP_DESTROY, k: iStruct, s: sBtrfsVol},
	{cmd: cmdBTRFS_IOC_DEVICES_READY, k: iStruct, s: sBtrfsVol},
	{cmd: cmdBTRFS_IOC_SNAP_CREATE_V2, k: iSpecial}, {cmd: cmdBTRFS_IOC_SUBVOL_CREATE_V2, k: iSpecial},
	{cmd: cmdBTRFS_IOC_DEFRAG_RANGE, k: iStruct, s: []field{{"start", fU64, 0}, {"len", fN64, xBtrfsMax}, {"flags", fF64, xBtrfsDefrag},
		{"extent_thresh", fU32, 0}, {"compress_type", fV32, xBtrfsCompress}, {"", fPad, 16}}},
	{cmd: cmdBTRFS_IOC_TREE_SEARCH, k: iSpecial}, {cmd: cmdBTRFS_IOC_TREE_SEARCH_V2, k: iSpecial},
	{cmd: cmdBTRFS_IOC_INO_LOOKUP, k: iSpecial},
	{cmd: cmdBTRFS_IOC_DEFAULT_SUBVOL, k: iU64At}, {cmd: cmdBTRFS_IOC_START_SYNC, k: iU64At | out}, {cmd: cmdBTRFS_IOC_WAIT_SYNC, k: iU64At},
	{cmd: cmdBTRFS_IOC_SPACE_INFO, k: iSpecial},
	{cmd: cmdBTRFS_IOC_SUBVOL_GETFLAGS, k: iFlag64Bare | out, x: xBtrfsSubvol}, {cmd: cmdBTRFS_IOC_SUBVOL_SETFLAGS, k: iFlag64Bare, x: xBtrfsSubvol},
	{cmd: cmdBTRFS_IOC_SCRUB, k: iBoth, s: []field{{"devid", fDev64, 0}, {"start", fU64, 0}, {"end", fN64, xBtrfsMax}, {"flags", fF64, xBtrfsScrub}, {"", fPad, 992}},
		s2: sBtrfsProgress},
	{cmd: cmdBTRFS_IOC_SCRUB_PROGRESS, k: iBoth, s: []field{{"devid", fDev64, 0}, {"", fPad, 1016}}, s2: sBtrfsProgress},
	{cmd: cmdBTRFS_IOC_DEV_INFO, k: iBoth, s: []field{{"devid", fDev64, 0}, {"", fNonzero, 0}, {"uuid", fUuid, 0}, {"", fPad, 4072}},
		s2: []field{{"", fAt, 8}, {"", fNonzero, 0}, {"uuid", fUuid, 0}, {"bytes_used", fU64, 0}, {"total_bytes", fU64, 0}, {"", fAt, 3072}, {"path", fStr, 1024}}},
	{cmd: cmdBTRFS_IOC_FS_INFO, k: iSpecial | out}, {cmd: cmdBTRFS_IOC_BALANCE_PROGRESS, k: iSpecial | out}, {cmd: cmdBTRFS_IOC_BALANCE_V2, k: iSpecial},
	{cmd: cmdBTRFS_IOC_BALANCE_CTL, k: iVal32Arg, x: xBtrfsCtl}, {cmd: cmdBTRFS_IOC_INO_PATHS, k: iSpecial}, {cmd: cmdBTRFS_IOC_LOGICAL_INO, k: iSpecial},
	{cmd: cmdBTRFS_IOC_SET_RECEIVED_SUBVOL, k: iSpecial}, {cmd: cmdBTRFS_IOC_SEND, k: iSpecial},
	{cmd: cmdBTRFS_IOC_QUOTA_CTL, k: iStruct, s: []field{{"cmd", fV64, xBtrfsQuota}, {"", fPad, 8}}},
	{cmd: cmdBTRFS_IOC_QGROUP_ASSIGN, k: iStruct, s: []field{{"assign", fU64, 0}, {"src", fU64, 0}, {"dst", fU64, 0}}},
	{cmd: cmdBTRFS_IOC_QGROUP_CREATE, k: iStruct, s: []field{{"create", fU64, 0}, {"qgroupid", fU64, 0}}},
	{cmd: cmdBTRFS_IOC_QGROUP_LIMIT, k: iStruct | out, s: []field{{"qgroupid", fU64, 0}, {"lim", fOpen, 0}, {"flags", fF64, xBtrfsLimit}, {"max_rfer", fU64, 0},
		{"max_excl", fU64, 0}, {"rsv_rfer", fU64, 0}, {"rsv_excl", fU64, 0}, {"", fClose, 0}}},
	{cmd: cmdBTRFS_IOC_QUOTA_RESCAN, k: iStruct, s: []field{{"flags", fU64, 0}, {"", fPad, 56}}},
	{cmd: cmdBTRFS_IOC_QUOTA_RESCAN_STATUS, k: iStruct | out, s: []field{{"flags", fU64, 0}, {"progress", fN64, xBtrfsId}, {"", fPad, 48}}},
	{cmd: cmdBTRFS_IOC_GET_DEV_STATS, k: iSpecial}, {cmd: cmdBTRFS_IOC_DEV_REPLACE, k: iSpecial},
	{cmd: cmdBTRFS_IOC_GET_FEATURES, k: iStruct | out, s: sBtrfsFeatures}, {cmd: cmdBTRFS_IOC_SET_FEATURES, k: iSpecial},
	{cmd: cmdBTRFS_IOC_GET_SUPPORTED_FEATURES, k: iSpecial | out},
}

var (
	sBtrfsVol      = []field{{"fd", fFd64, 0}, {"name", fStr, 4088}}
	sBtrfsFeatures = []field{{"compat_flags", fF64, xBtrfsCompat}, {"compat_ro_flags", fF64, xBtrfsCompatRo}, {"incompat_flags", fF64, xBtrfsIncompat}}
	sBtrfsProgress = []field{{"", fAt, 32}, {"progress", fOpen, 0}, {"data_extents_scrubbed", fU64, 0}, {"tree_extents_scrubbed", fU64, 0},
		{"data_bytes_scrubbed", fU64, 0}, {"tree_bytes_scrubbed", fU64, 0}, {"read_errors", fU64, 0}, {"csum_errors", fU64, 0}, {"verify_errors", fU64, 0},
		{"no_csum", fU64, 0}, {"csum_discards", fU64, 0}, {"super_errors", fU64, 0}, {"malloc_errors", fU64, 0}, {"uncorrectable_errors", fU64, 0},
		{"corrected_errors", fU64, 0}, {"last_physical", fU64, 0}, {"unverified_errors", fU64, 0}, {"", fClose, 0}}
	sBtrfsLookup    = []field{{"treeid", fN64, xBtrfsId}, {"objectid", fN64, xBtrfsId}}
	sBtrfsKeyTreeId = []field{{"treeid", fN64, xBtrfsId}}
	sBtrfsVol2      = []field{{"fd", fFd64, 0}, {"", fAt, 16}, {"flags", fF64, xBtrfsSubvol}}
	sBtrfsVol2Name  = []field{{"", fAt, 56}, {"name", fStr, 4040}}
	sBtrfsInherit   = []field{{"flags", fF64, xBtrfsInherit}, {"num_qgroups", fU64, 0}, {"num_ref_copies", fU64, 0}, {"num_excl_copies", fU64, 0}, {"lim", fOpen, 0},
		{"flags", fF64, xBtrfsLimit}, {"max_rfer", fU64, 0}, {"max_excl", fU64, 0}, {"rsv_rfer", fU64, 0}, {"rsv_excl", fU64, 0}, {"", fClose, 0}}
	sBtrfsKeyTree = []field{{"tree_id", fN64, xBtrfsId}}
	sBtrfsKeyMin  = []field{{"", fAt, 8}, {"min_objectid", fN64, xBtrfsId}}
	sBtrfsKeyMax  = []field{{"", fAt, 16}, {"max_objectid", fN64, xBtrfsId}}
	sBtrfsKeyRest = []field{{"", fAt, 24}, {"min_offset", fN64, xBtrfsMax}, {"max_offset", fN64, xBtrfsMax}, {"min_transid", fN64, xBtrfsMax},
		{"max_transid", fN64, xBtrfsMax}, {"min_type", fN32, xBtrfsKey}, {"max_type", fN32, xBtrfsKey}, {"nr_items", fU32, 0}}
	sBtrfsItem = []field{{"transid", fU64, 0}, {"objectid", fN64, xBtrfsId}, {"offset", fU64, 0}, {"type", fN32, xBtrfsKey}, {"len", fU32, 0}}
	sBtrfsInfo = []field{{"max_id", fU64, 0}, {"num_devices", fU64, 0}, {"fsid", fUuid, 0}, {"nodesize", fU32, 0}, {"sectorsize", fU32, 0},
		{"clone_alignment", fU32, 0}}
	sBtrfsInfoCsum = []field{{"", fAt, 44}, {"csum_type", fV16, xBtrfsCsum}, {"csum_size", fU16, 0}}
	sBtrfsInfoFlag = []field{{"", fAt, 48}, {"flags", fF64, xBtrfsInfo}}
	sBtrfsInfoGen  = []field{{"", fAt, 56}, {"generation", fU64, 0}}
	sBtrfsInfoUuid = []field{{"", fAt, 64}, {"metadata_uuid", fUuid, 0}}
	sBtrfsBalance  = []field{{"profiles", fF64, xBtrfsProfile}, {"usage", fN64, xBtrfsMax}, {"devid", fDev64, 0}, {"pstart", fN64, xBtrfsMax}, {"pend", fN64, xBtrfsMax},
		{"vstart", fN64, xBtrfsMax}, {"vend", fN64, xBtrfsMax}, {"target", fN64, xBtrfsMax}, {"flags", fF64, xBtrfsArgs}}
	sBtrfsPaths   = []field{{"inum", fU64, 0}, {"size", fU64, 0}, {"", fAt, 48}, {"fspath", fPtr, 0}}
	sBtrfsLogical = []field{{"logical", fU64, 0}, {"size", fU64, 0}, {"", fNonzero, 0}, {"", fTimes, 3}, {"reserved", fX64, 0}, {"flags", fF64, xBtrfsLogical},
		{"inodes", fPtr, 0}}
	sBtrfsContainer = []field{{"bytes_left", fU32, 0}, {"bytes_missing", fU32, 0}, {"elem_cnt", fU32, 0}, {"elem_missed", fU32, 0}}
	sBtrfsSend      = []field{{"send_fd", fFd64, 0}, {"clone_sources_count", fU64, 0}}
	sBtrfsSendRest  = []field{{"", fAt, 24}, {"parent_root", fN64, xBtrfsId}, {"flags", fF64, xBtrfsSend}}
	sBtrfsStats     = []field{{"devid", fDev64, 0}, {"nr_items", fU64, 0}, {"flags", fF64, xBtrfsStats}}
	sBtrfsStart     = []field{{"", fAt, 16}, {"start", fOpen, 0}, {"srcdevid", fDev64, 0}, {"cont_reading_from_srcdev_mode", fV64, xBtrfsReplaceMode},
		{"srcdev_name", fStr, 1025}, {"tgtdev_name", fStr, 1025}, {"", fClose, 0}}
)
