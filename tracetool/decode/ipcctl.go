package decode

import (
	"libsystrap/systrap/abi"
	"libsystrap/tracetool/text"
)

// The objects of msgctl(2), semctl(2) and shmctl(2)
// (include/uapi/asm-generic/ipcbuf.h, msgbuf.h, sembuf.h, shmbuf.h).

var (
	sMsqid = []text.Field{{Name: "msg_perm", Kind: text.Open}, {Kind: text.At, Arg: 4}, {Name: "uid", Kind: text.Id}, {Name: "gid", Kind: text.Id}, {Kind: text.At, Arg: 20}, {Name: "mode", Kind: text.Mode}, {Kind: text.At},
		{Name: "key", Kind: text.U32}, {Kind: text.At, Arg: 12}, {Name: "cuid", Kind: text.Id}, {Name: "cgid", Kind: text.Id}, {Kind: text.Close}, {Kind: text.At, Arg: 48}, {Name: "msg_stime", Kind: text.U64},
		{Name: "msg_rtime", Kind: text.U64}, {Name: "msg_ctime", Kind: text.U64}, {Kind: text.At, Arg: 80}, {Name: "msg_qnum", Kind: text.U64}, {Name: "msg_qbytes", Kind: text.U64}, {Name: "msg_lspid", Kind: text.D32},
		{Name: "msg_lrpid", Kind: text.D32}, {Kind: text.Pad, Arg: 16}}
	sMsqidSet = []text.Field{{Name: "msg_perm", Kind: text.Open}, {Kind: text.At, Arg: 4}, {Name: "uid", Kind: text.Id}, {Name: "gid", Kind: text.Id}, {Kind: text.At, Arg: 20}, {Name: "mode", Kind: text.Mode},
		{Kind: text.Close}, {Kind: text.At, Arg: 88}, {Name: "msg_qbytes", Kind: text.U64}, {Kind: text.Pad, Arg: 24}}
	sMsginfo = []text.Field{{Name: "msgpool", Kind: text.D32}, {Name: "msgmap", Kind: text.D32}, {Name: "msgmax", Kind: text.D32}, {Name: "msgmnb", Kind: text.D32}, {Name: "msgmni", Kind: text.D32},
		{Name: "msgssz", Kind: text.D32}, {Name: "msgtql", Kind: text.D32}, {Name: "msgseg", Kind: text.U16}, {Kind: text.Pad, Arg: 2}}
	sSemid = []text.Field{{Name: "sem_perm", Kind: text.Open}, {Kind: text.At, Arg: 4}, {Name: "uid", Kind: text.Id}, {Name: "gid", Kind: text.Id}, {Kind: text.At, Arg: 20}, {Name: "mode", Kind: text.Mode}, {Kind: text.At},
		{Name: "key", Kind: text.U32}, {Kind: text.At, Arg: 12}, {Name: "cuid", Kind: text.Id}, {Name: "cgid", Kind: text.Id}, {Kind: text.Close}, {Kind: text.At, Arg: 48}, {Name: "sem_otime", Kind: text.U64},
		{Kind: text.At, Arg: 64}, {Name: "sem_ctime", Kind: text.U64}, {Kind: text.At, Arg: 80}, {Name: "sem_nsems", Kind: text.U64}, {Kind: text.Pad, Arg: 16}}
	sSemidSet = []text.Field{{Name: "sem_perm", Kind: text.Open}, {Kind: text.At, Arg: 4}, {Name: "uid", Kind: text.Id}, {Name: "gid", Kind: text.Id}, {Kind: text.At, Arg: 20}, {Name: "mode", Kind: text.Mode},
		{Kind: text.Close}, {Kind: text.At, Arg: 48}, {Kind: text.Pad, Arg: 56}}
	sSeminfo = []text.Field{{Name: "semmap", Kind: text.D32}, {Name: "semmni", Kind: text.D32}, {Name: "semmns", Kind: text.D32}, {Name: "semmnu", Kind: text.D32}, {Name: "semmsl", Kind: text.D32},
		{Name: "semopm", Kind: text.D32}, {Name: "semume", Kind: text.D32}, {Name: "semusz", Kind: text.D32}, {Name: "semvmx", Kind: text.D32}, {Name: "semaem", Kind: text.D32}}
	sShmid = []text.Field{{Name: "shm_perm", Kind: text.Open}, {Kind: text.At, Arg: 4}, {Name: "uid", Kind: text.Id}, {Name: "gid", Kind: text.Id}, {Kind: text.At, Arg: 20}, {Name: "mode", Kind: text.Mode}, {Kind: text.At},
		{Name: "key", Kind: text.U32}, {Kind: text.At, Arg: 12}, {Name: "cuid", Kind: text.Id}, {Name: "cgid", Kind: text.Id}, {Kind: text.Close}, {Kind: text.At, Arg: 48}, {Name: "shm_segsz", Kind: text.U64},
		{Kind: text.At, Arg: 80}, {Name: "shm_cpid", Kind: text.Pid}, {Name: "shm_lpid", Kind: text.Pid}, {Name: "shm_nattch", Kind: text.U64}, {Kind: text.At, Arg: 56}, {Name: "shm_atime", Kind: text.U64},
		{Name: "shm_dtime", Kind: text.U64}, {Name: "shm_ctime", Kind: text.U64}, {Kind: text.At, Arg: 96}, {Kind: text.Pad, Arg: 16}}
	sShmidSet = []text.Field{{Name: "shm_perm", Kind: text.Open}, {Kind: text.At, Arg: 4}, {Name: "uid", Kind: text.Id}, {Name: "gid", Kind: text.Id}, {Kind: text.At, Arg: 20}, {Name: "mode", Kind: text.Mode},
		{Kind: text.Close}, {Kind: text.At, Arg: 48}, {Kind: text.Pad, Arg: 64}}
	sShminfo = []text.Field{{Name: "shmmax", Kind: text.U64}, {Name: "shmmin", Kind: text.U64}, {Name: "shmmni", Kind: text.U64}, {Name: "shmseg", Kind: text.U64}, {Name: "shmall", Kind: text.U64}, {Kind: text.Pad, Arg: 32}}
	sShmUsed = []text.Field{{Name: "used_ids", Kind: text.D32}, {Name: "shm_tot", Kind: text.U64}, {Name: "shm_rss", Kind: text.U64}, {Name: "shm_swp", Kind: text.U64}, {Name: "swap_attempts", Kind: text.U64},
		{Name: "swap_successes", Kind: text.U64}}
)

const (
	ipcSet  = 1
	ipcStat = 2
	ipcInfo = 3
	ipc64   = 0x100 // set by 32-bit libraries
)

// ipcBuf prints the object of a command of shmctl(2) and its kin.
func ipcBuf(p *text.Printer, k abi.Kind, cmd uint32, v uint64) text.Step {
	var s []text.Field
	cmd &^= ipc64
	switch k {
	case abi.Msqid:
		s = msgObject(cmd)
	case abi.Semun:
		s = semObject(cmd)
	default:
		s = shmObject(cmd)
	}
	switch {
	case s == nil:
		p.Ptr(v)
	case cmd == ipcSet:
		p.StructAt(v, s)
	case !p.Exit:
		return text.Wait
	case p.Out(v):
		p.StructAt(v, s)
	}
	return text.Last
}

func msgObject(cmd uint32) []text.Field {
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

func semObject(cmd uint32) []text.Field {
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

func shmObject(cmd uint32) []text.Field {
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
