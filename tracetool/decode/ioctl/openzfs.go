package ioctl

// Commands of OpenZFS, which the kernel's headers do not have: enum zfs_ioc of
// its include/sys/fs/zfs.h, in order, without those of one platform only; its
// kstat device and the name of a volume.

const (
	zfsFirst = 'Z' << 8 // ZFS_IOC_FIRST
	blkzname = 0x8100127d
	kstat    = 'K' << 8
)

var zfsCommands = [...]string{
	"POOL_CREATE", "POOL_DESTROY", "POOL_IMPORT", "POOL_EXPORT", "POOL_CONFIGS", "POOL_STATS",
	"POOL_TRYIMPORT", "POOL_SCAN", "POOL_FREEZE", "POOL_UPGRADE", "POOL_GET_HISTORY", "VDEV_ADD",
	"VDEV_REMOVE", "VDEV_SET_STATE", "VDEV_ATTACH", "VDEV_DETACH", "VDEV_SETPATH", "VDEV_SETFRU",
	"OBJSET_STATS", "OBJSET_ZPLPROPS", "DATASET_LIST_NEXT", "SNAPSHOT_LIST_NEXT", "SET_PROP", "CREATE",
	"DESTROY", "ROLLBACK", "RENAME", "RECV", "SEND", "INJECT_FAULT", "CLEAR_FAULT", "INJECT_LIST_NEXT",
	"ERROR_LOG", "CLEAR", "PROMOTE", "SNAPSHOT", "DSOBJ_TO_DSNAME", "OBJ_TO_PATH", "POOL_SET_PROPS",
	"POOL_GET_PROPS", "SET_FSACL", "GET_FSACL", "SHARE", "INHERIT_PROP", "SMB_ACL", "USERSPACE_ONE",
	"USERSPACE_MANY", "USERSPACE_UPGRADE", "HOLD", "RELEASE", "GET_HOLDS", "OBJSET_RECVD_PROPS",
	"VDEV_SPLIT", "NEXT_OBJ", "DIFF", "TMP_SNAPSHOT", "OBJ_TO_STATS", "SPACE_WRITTEN", "SPACE_SNAPS",
	"DESTROY_SNAPS", "POOL_REGUID", "POOL_REOPEN", "SEND_PROGRESS", "LOG_HISTORY", "SEND_NEW",
	"SEND_SPACE", "CLONE", "BOOKMARK", "GET_BOOKMARKS", "DESTROY_BOOKMARKS", "RECV_NEW", "POOL_SYNC",
	"CHANNEL_PROGRAM", "LOAD_KEY", "UNLOAD_KEY", "CHANGE_KEY", "REMAP", "POOL_CHECKPOINT",
	"POOL_DISCARD_CHECKPOINT", "POOL_INITIALIZE", "POOL_TRIM", "REDACT", "GET_BOOKMARK_PROPS", "WAIT",
	"WAIT_FS", "VDEV_GET_PROPS", "VDEV_SET_PROPS",
}

// zfsName returns the prefix and the name of such a command, or "", "".
func zfsName(cmd uint32) (prefix, name string) {
	switch cmd {
	case blkzname:
		return "", "BLKZNAME"
	case kstat | 1:
		return "KSTAT_IOC_", "CHAIN_ID"
	case kstat | 2:
		return "KSTAT_IOC_", "READ"
	case kstat | 3:
		return "KSTAT_IOC_", "WRITE"
	}
	if i := cmd - zfsFirst; i < uint32(len(zfsCommands)) {
		return "ZFS_IOC_", zfsCommands[i]
	}
	return "", ""
}
