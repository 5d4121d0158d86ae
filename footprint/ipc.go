package footprint

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// System V's shmctl(2), msgctl(2), semctl(2); commands of include/uapi/linux/ipc.h, shm.h, msg.h and sem.h.

const (
	ipcSet  = 1
	ipcStat = 2
	ipcInfo = 3
	ipcMask = ^uint32(0x100) // without IPC_64, which is implied
)

func (it *Iterator) shmctl(addr uint64) {
	switch uint32(it.call.Args[1]) & ipcMask {
	case ipcSet:
		it.reads(addr, 112, 0, "")
	case ipcStat, 13, 15: // SHM_STAT, SHM_STAT_ANY
		it.writes(addr, 112, 0, "")
	case ipcInfo:
		it.writes(addr, 72, 0, "") // struct shminfo64
	case 14: // SHM_INFO
		it.writes(addr, 48, 0, "")
	}
}

func (it *Iterator) msgctl(addr uint64) {
	switch uint32(it.call.Args[1]) & ipcMask {
	case ipcSet:
		it.reads(addr, 120, 0, "")
	case ipcStat, 11, 13: // MSG_STAT, MSG_STAT_ANY
		it.writes(addr, 120, 0, "")
	case ipcInfo, 12: // MSG_INFO
		it.writes(addr, 32, 0, "")
	}
}

func (it *Iterator) semctl(addr uint64) {
	switch uint32(it.call.Args[2]) & ipcMask {
	case ipcSet:
		it.reads(addr, 104, 0, "")
	case ipcStat, 18, 20: // SEM_STAT, SEM_STAT_ANY
		it.writes(addr, 104, 0, "")
	case ipcInfo, 19: // SEM_INFO
		it.writes(addr, 40, 0, "")
	case 13: // GETALL
		n, f := semaphores(it.call.Args[0])
		it.writes(addr, n*2, f, "")
	case 17: // SETALL
		n, f := semaphores(it.call.Args[0])
		it.reads(addr, n*2, f, "")
	}
}

// semaphores asks the kernel how many there are in a set: nothing else says it.
func semaphores(id uint64) (n uint64, f Flags) {
	var ds [104]byte
	if systrap.Syscall(unix.SYS_SEMCTL, uintptr(id), 0, ipcStat, uintptr(unsafe.Pointer(&ds)), 0, 0) < 0 {
		return 32000, Bound // SEMMSL as it is set at first
	}
	return le64(ds[80:]), 0 // sem_nsems
}

// segmentSize asks the kernel for the size of a shared memory segment.
func segmentSize(id uint64) (n uint64, f Flags) {
	var ds [112]byte
	if systrap.Syscall(unix.SYS_SHMCTL, uintptr(id), ipcStat, uintptr(unsafe.Pointer(&ds)), 0, 0, 0) < 0 {
		return pageSize, AtLeast
	}
	return le64(ds[48:]), 0 // shm_segsz
}
