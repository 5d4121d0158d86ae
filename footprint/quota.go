package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
)

// quota adds what quotactl(2) and quotactl_fd(2) have: fs/quota/quota.c, include/uapi/linux/quota.h and dqblk_xfs.h.
func (it *Iterator) quota(k abi.Kind, addr uint64) {
	command := it.call.Args[0]
	if it.call.Sysno == unix.SYS_QUOTACTL_FD {
		command = it.call.Args[1]
	}
	if k == abi.Quota {
		if it.call.Sysno == unix.SYS_QUOTACTL {
			it.text(addr, pathMax, "")
		}
		return
	}
	switch uint32(command) >> 8 { // SUBCMDSHIFT
	case 0x800002: // Q_QUOTAON
		it.text(addr, pathMax, "")
	case 0x800004: // Q_GETFMT
		it.writes(addr, 4, 0, "")
	case 0x800005: // Q_GETINFO
		it.writes(addr, 24, 0, "")
	case 0x800006: // Q_SETINFO
		it.reads(addr, 24, 0, "")
	case 0x800007: // Q_GETQUOTA
		it.writes(addr, 72, 0, "")
	case 0x800008: // Q_SETQUOTA
		it.reads(addr, 72, 0, "")
	case 0x800009: // Q_GETNEXTQUOTA
		it.writes(addr, 72, 0, "")
	case 0x5801, 0x5802, 0x5806: // Q_XQUOTAON, Q_XQUOTAOFF, Q_XQUOTARM
		it.reads(addr, 4, 0, "")
	case 0x5803, 0x5809: // Q_XGETQUOTA, Q_XGETNEXTQUOTA
		it.writes(addr, 112, 0, "")
	case 0x5804: // Q_XSETQLIM
		it.reads(addr, 112, 0, "")
	case 0x5805: // Q_XGETQSTAT
		it.writes(addr, 80, 0, "")
	case 0x5808: // Q_XGETQSTATV
		it.reads(addr, 1, 0, "qs_version")
		it.writes(addr, 160, 0, "")
	}
}
