package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

func key(p *text.Printer, k uint32) {
	n := ""
	if k == 0 {
		n = "IPC_PRIVATE"
	}
	p.Constant(uint64(k), n, "", text.Hexadecimal)
}

// ipcGet prints the flags of msgget(2) and semget(2) and the mode they end in.
func ipcGet(p *text.Printer, id names.ID, f uint32) {
	if f&^0o777 != 0 {
		p.Flags(id, uint64(f&^0o777))
		p.Byte('|')
	}
	p.Mode(f & 0o777)
}

// shmGet is ipcGet with the size of huge pages (shmget(2)).
func shmGet(p *text.Printer, f uint32) {
	const shift, mask = 26, 0x3f // SHM_HUGE_SHIFT, SHM_HUGE_MASK
	huge := f >> shift & mask
	mode := f & 0o777
	f &^= 0o777 | mask<<shift
	if f != 0 {
		p.Flags(names.ShmGet, uint64(f))
		p.Byte('|')
	}
	if huge != 0 {
		p.Uint(uint64(huge))
		p.Str("<<")
		p.Constant(shift, "SHM_HUGE_SHIFT", "", text.Unsigned)
		p.Byte('|')
	}
	p.Mode(mode)
}

// ipcCmd prints a command of shmctl(2) and its kin; IPC_64 is set by 32-bit
// libraries only.
func ipcCmd(p *text.Printer, id names.ID, c uint32) {
	if c&0x100 != 0 {
		p.Constant(0x100, "IPC_64", "", text.Hexadecimal)
		p.Byte('|')
		c &^= 0x100
	}
	p.Val(id, uint64(c))
}

func sembuf(p *text.Printer, addr, n uint64) {
	var b [3]uint16
	for i := uint64(0); p.Each(unsafe.Pointer(&b), 6, addr, i, n); i++ {
		p.Str("{sem_num=")
		p.Uint(uint64(b[0]))
		p.FieldInt("sem_op", int64(int16(b[1])))
		p.Field("sem_flg")
		p.Flags(names.SemFlags, uint64(b[2]))
		p.Byte('}')
	}
}

func msgbuf(p *text.Printer, addr, n uint64) {
	var t int64
	if p.Fetch(unsafe.Pointer(&t), 8, addr) {
		p.Str("{mtype=")
		p.Int(t)
		p.Str(", mtext=")
		p.Buf(addr+8, n)
		p.Byte('}')
	}
}

// mqAttr prints struct mq_attr.
func mqAttr(p *text.Printer, addr uint64) {
	var m [8]int64 // the last four are reserved
	if p.Fetch(unsafe.Pointer(&m), 64, addr) {
		p.Str("{mq_flags=")
		if p.C.Sysno == unix.SYS_MQ_OPEN {
			p.AltHex(uint64(m[0])) // the call ignores them (mq_open(3))
		} else {
			p.Flags(names.MqAttr, uint64(m[0]))
		}
		p.FieldInt("mq_maxmsg", m[1])
		p.FieldInt("mq_msgsize", m[2])
		p.FieldInt("mq_curmsgs", m[3])
		p.Byte('}')
	}
}

// mqName prints the name of a message queue, without the slash that the
// library took off.
func mqName(p *text.Printer, addr uint64) { p.Path(addr) }
