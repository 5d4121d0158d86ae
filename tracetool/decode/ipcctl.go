package tracetool

// The objects of msgctl(2), semctl(2) and shmctl(2)
// (include/uapi/asm-generic/ipcbuf.h, msgbuf.h, sembuf.h, shmbuf.h).

var (
	sMsqid = []field{{"msg_perm", fOpen, 0}, {"", fAt, 4}, {"uid", fId, 0}, {"gid", fId, 0}, {"", fAt, 20}, {"mode", fMode, 0}, {"", fAt, 0},
		{"key", fU32, 0}, {"", fAt, 12}, {"cuid", fId, 0}, {"cgid", fId, 0}, {"", fClose, 0}, {"", fAt, 48}, {"msg_stime", fU64, 0},
		{"msg_rtime", fU64, 0}, {"msg_ctime", fU64, 0}, {"", fAt, 80}, {"msg_qnum", fU64, 0}, {"msg_qbytes", fU64, 0}, {"msg_lspid", fD32, 0},
		{"msg_lrpid", fD32, 0}, {"", fPad, 16}}
	sMsqidSet = []field{{"msg_perm", fOpen, 0}, {"", fAt, 4}, {"uid", fId, 0}, {"gid", fId, 0}, {"", fAt, 20}, {"mode", fMode, 0},
		{"", fClose, 0}, {"", fAt, 88}, {"msg_qbytes", fU64, 0}, {"", fPad, 24}}
	sMsginfo = []field{{"msgpool", fD32, 0}, {"msgmap", fD32, 0}, {"msgmax", fD32, 0}, {"msgmnb", fD32, 0}, {"msgmni", fD32, 0},
		{"msgssz", fD32, 0}, {"msgtql", fD32, 0}, {"msgseg", fU16, 0}, {"", fPad, 2}}
	sSemid = []field{{"sem_perm", fOpen, 0}, {"", fAt, 4}, {"uid", fId, 0}, {"gid", fId, 0}, {"", fAt, 20}, {"mode", fMode, 0}, {"", fAt, 0},
		{"key", fU32, 0}, {"", fAt, 12}, {"cuid", fId, 0}, {"cgid", fId, 0}, {"", fClose, 0}, {"", fAt, 48}, {"sem_otime", fU64, 0},
		{"", fAt, 64}, {"sem_ctime", fU64, 0}, {"", fAt, 80}, {"sem_nsems", fU64, 0}, {"", fPad, 16}}
	sSemidSet = []field{{"sem_perm", fOpen, 0}, {"", fAt, 4}, {"uid", fId, 0}, {"gid", fId, 0}, {"", fAt, 20}, {"mode", fMode, 0},
		{"", fClose, 0}, {"", fAt, 48}, {"", fPad, 56}}
	sSeminfo = []field{{"semmap", fD32, 0}, {"semmni", fD32, 0}, {"semmns", fD32, 0}, {"semmnu", fD32, 0}, {"semmsl", fD32, 0},
		{"semopm", fD32, 0}, {"semume", fD32, 0}, {"semusz", fD32, 0}, {"semvmx", fD32, 0}, {"semaem", fD32, 0}}
	sShmid = []field{{"shm_perm", fOpen, 0}, {"", fAt, 4}, {"uid", fId, 0}, {"gid", fId, 0}, {"", fAt, 20}, {"mode", fMode, 0}, {"", fAt, 0},
		{"key", fU32, 0}, {"", fAt, 12}, {"cuid", fId, 0}, {"cgid", fId, 0}, {"", fClose, 0}, {"", fAt, 48}, {"shm_segsz", fU64, 0},
		{"", fAt, 80}, {"shm_cpid", fPid, 0}, {"shm_lpid", fPid, 0}, {"shm_nattch", fU64, 0}, {"", fAt, 56}, {"shm_atime", fU64, 0},
		{"shm_dtime", fU64, 0}, {"shm_ctime", fU64, 0}, {"", fAt, 96}, {"", fPad, 16}}
	sShmidSet = []field{{"shm_perm", fOpen, 0}, {"", fAt, 4}, {"uid", fId, 0}, {"gid", fId, 0}, {"", fAt, 20}, {"mode", fMode, 0},
		{"", fClose, 0}, {"", fAt, 48}, {"", fPad, 64}}
	sShminfo = []field{{"shmmax", fU64, 0}, {"shmmin", fU64, 0}, {"shmmni", fU64, 0}, {"shmseg", fU64, 0}, {"shmall", fU64, 0}, {"", fPad, 32}}
	sShmUsed = []field{{"used_ids", fD32, 0}, {"shm_tot", fU64, 0}, {"shm_rss", fU64, 0}, {"shm_swp", fU64, 0}, {"swap_attempts", fU64, 0},
		{"swap_successes", fU64, 0}}
)

const (
	ipcSet  = 1
	ipcStat = 2
	ipcInfo = 3
	ipc64   = 0x100 // set by 32-bit libraries
)

// ipcBuf prints the object of a command of shmctl(2) and its kin.
func (p *printer) ipcBuf(k kind, cmd uint32, v uint64) step {
	var s []field
	cmd &^= ipc64
	switch k {
	case kMsqid:
		s = msgObject(cmd)
	case kSemun:
		s = semObject(cmd)
	default:
		s = shmObject(cmd)
	}
	switch {
	case s == nil:
		p.ptr(v)
	case cmd == ipcSet:
		p.structAt(v, s)
	case !p.exit:
		return wait
	case p.out(v):
		p.structAt(v, s)
	}
	return last
}

func msgObject(cmd uint32) []field {
	switch cmd {
	case ipcSet:
		return sMsqidSet
	case ipcStat, 11, 13: // MSG_STAT, MSG_STAT_ANY
		return sMsqid
	case ipcInfo, 12: // MSG_INFO
		return sMsginfo
	}
	return nil
}

func semObject(cmd uint32) []field {
	switch cmd {
	case ipcSet:
		return sSemidSet
	case ipcStat, 18, 20: // SEM_STAT, SEM_STAT_ANY
		return sSemid
	case ipcInfo, 19: // SEM_INFO
		return sSeminfo
	}
	return nil
}

func shmObject(cmd uint32) []field {
	switch cmd {
	case ipcSet:
		return sShmidSet
	case ipcStat, 13, 15: // SHM_STAT, SHM_STAT_ANY
		return sShmid
	case ipcInfo:
		return sShminfo
	case 14: // SHM_INFO
		return sShmUsed
	}
	return nil
}
