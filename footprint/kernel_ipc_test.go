package footprint

import (
	"testing"

	"golang.org/x/sys/unix"
)

// ipcCalls are System V's, POSIX message queues, keys, asynchronous I/O, io_uring, bpf and landlock.
func ipcCalls(t *testing.T) (calls []kernelCall) {
	add := func(nr int, name string, fails unix.Errno, f func(p *place) [6]uint64) {
		calls = append(calls, kernelCall{nr, name, f, fails})
	}
	const none = 1<<31 - 1
	get := func(nr uintptr, a0, a1, a2, drop uintptr) uint64 {
		id, _, errno := unix.Syscall(nr, a0, a1, a2)
		if errno != 0 {
			t.Logf("no System V IPC: %v", errno)
			return none
		}
		t.Cleanup(func() {
			unix.Syscall(drop, id, 0, 0) // IPC_RMID, or, of semaphores, the same as third argument
		})
		return uint64(id)
	}
	shm := get(unix.SYS_SHMGET, 0, 4096, 0o600, unix.SYS_SHMCTL)
	msg := get(unix.SYS_MSGGET, 0, 0o600, 0, unix.SYS_MSGCTL)
	sem := get(unix.SYS_SEMGET, 0, 3, 0o600, unix.SYS_SEMCTL)
	if shm != none && msg != none && sem != none {
		add(unix.SYS_SHMCTL, "/stat", 0, func(p *place) [6]uint64 { return args(shm, 2, p.out("buf", 112)) })
		add(unix.SYS_SHMCTL, "/set", 0, func(p *place) [6]uint64 {
			b := make([]byte, 112)
			b[20], b[21] = 0o600&0xff, 0o600>>8
			return args(shm, 1, p.in("buf", b))
		})
		add(unix.SYS_SHMCTL, "/info", 0, func(p *place) [6]uint64 { return args(shm, 3, p.out("buf", 72)) })
		add(unix.SYS_SHMCTL, "/shm-info", 0, func(p *place) [6]uint64 { return args(shm, 14, p.out("buf", 48)) })
		add(unix.SYS_MSGCTL, "/stat", 0, func(p *place) [6]uint64 { return args(msg, 2, p.out("buf", 120)) })
		add(unix.SYS_MSGCTL, "/info", 0, func(p *place) [6]uint64 { return args(msg, 3, p.out("buf", 32)) })
		add(unix.SYS_SEMCTL, "/stat", 0, func(p *place) [6]uint64 { return args(sem, 0, 2, p.out("buf", 104)) })
		add(unix.SYS_SEMCTL, "/info", 0, func(p *place) [6]uint64 { return args(sem, 0, 3, p.out("buf", 40)) })
		add(unix.SYS_SEMCTL, "/all", 0, func(p *place) [6]uint64 { return args(sem, 0, 13, p.out("array", 6)) })
		add(unix.SYS_SEMCTL, "/set-all", 0, func(p *place) [6]uint64 { return args(sem, 0, 17, p.in("array", make([]byte, 6))) })
		add(unix.SYS_SEMOP, "", unix.EAGAIN, func(p *place) [6]uint64 { return args(sem, p.in("sops", []byte{0, 0, 0xff, 0xff, 0, 8}), 1) })
		add(unix.SYS_SEMTIMEDOP, "", unix.EAGAIN, func(p *place) [6]uint64 {
			return args(sem, p.in("sops", []byte{0, 0, 0xff, 0xff, 0, 8}), 1, p.in("timeout", words(0, 0)))
		})
		add(unix.SYS_MSGSND, "", unix.EINVAL, func(p *place) [6]uint64 {
			b := p.in("msgp", append(words(0), 'a', 'b', 'c'))
			p.loose("its type is looked at first")
			return args(msg, b, 3, 2048)
		})
		add(unix.SYS_MSGRCV, "", unix.ENOMSG, func(p *place) [6]uint64 { return args(msg, p.base+64, 3, 0, 2048) })
	}
	add(unix.SYS_MQ_OPEN, "", unix.ENOENT, func(p *place) [6]uint64 { return args(p.in("name", text("footprint-none")), 0, 0, 0) })
	add(unix.SYS_MQ_UNLINK, "", unix.ENOENT, func(p *place) [6]uint64 { return args(p.in("name", text("footprint-none"))) })
	add(unix.SYS_ADD_KEY, "", unix.ENODEV, func(p *place) [6]uint64 {
		return args(p.in("type", text("nothing")), p.in("description", text("d")), p.in("payload", []byte("abc")), 3, 1<<32-2)
	})
	add(unix.SYS_REQUEST_KEY, "", unix.ENOKEY, func(p *place) [6]uint64 {
		return args(p.in("type", text("user")), p.in("description", text("footprint-none")), 0, 0)
	})
	add(unix.SYS_KEYCTL, "/search", unix.ENOKEY, func(p *place) [6]uint64 {
		return args(unix.KEYCTL_SEARCH, 1<<32-3, p.in("type", text("user")), p.in("description", text("footprint-none")), 0)
	})
	add(unix.SYS_KEYCTL, "/capabilities", 0, func(p *place) [6]uint64 { return args(unix.KEYCTL_CAPABILITIES, p.out("buf", 4), 4) })
	add(unix.SYS_IO_SETUP, "", unix.EINVAL, func(p *place) [6]uint64 { return args(1, p.in("ctx_idp", words(7))) })
	add(unix.SYS_IO_URING_SETUP, "", unix.EINVAL, func(p *place) [6]uint64 {
		return args(1, p.in("params", append(halves(0, 0, 1<<31), make([]byte, 108)...)))
	})
	add(unix.SYS_BPF, "", unix.EINVAL, func(p *place) [6]uint64 { return args(99, p.in("attr", make([]byte, 64)), 64) })
	add(unix.SYS_LANDLOCK_CREATE_RULESET, "", 0, func(p *place) [6]uint64 { return args(0, 0, 1) })
	add(unix.SYS_LANDLOCK_CREATE_RULESET, "/attr", unix.EINVAL, func(p *place) [6]uint64 { return args(p.in("attr", words(1<<63)), 8, 0) })
	add(unix.SYS_MOUNT, "", unix.ENOENT, func(p *place) [6]uint64 {
		return args(p.in("source", text("none")), p.in("target", text("/none/none")), p.in("type", text("tmpfs")), 0, 0)
	})
	add(unix.SYS_MOVE_PAGES, "", 0, func(p *place) [6]uint64 { return args(0, 1, p.in("pages", words(p.base)), 0, p.out("status", 4), 0) })
	add(unix.SYS_MINCORE, "", 0, func(p *place) [6]uint64 { return args(p.base&^4095, 4096, p.out("vec", 1)) })
	add(unix.SYS_LSM_LIST_MODULES, "", unix.E2BIG, func(p *place) [6]uint64 { return args(p.base+64, p.both("size", halves(0)), 0) })
	add(unix.SYS_STATMOUNT, "", unix.ENOENT, func(p *place) [6]uint64 {
		return args(p.in("req", append(halves(24, 0), words(1<<60, 1)...)), p.base+64, 64, 0)
	})
	add(unix.SYS_FSOPEN, "", unix.ENODEV, func(p *place) [6]uint64 { return args(p.in("fsname", text("nothing")), 0) })
	return calls
}
