package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func (p *printer) key(k uint32) {
	n := ""
	if k == 0 {
		n = "IPC_PRIVATE"
	}
	p.constant(uint64(k), n, "", hexBase)
}

// ipcGet prints the flags of msgget(2) and semget(2) and the mode they end in.
func (p *printer) ipcGet(id nameID, f uint32) {
	if f&^0o777 != 0 {
		p.flags(id, uint64(f&^0o777))
		p.Byte('|')
	}
	p.mode(f & 0o777)
}

// shmGet is ipcGet with the size of huge pages (shmget(2)).
func (p *printer) shmGet(f uint32) {
	const shift, mask = 26, 0x3f // SHM_HUGE_SHIFT, SHM_HUGE_MASK
	huge := f >> shift & mask
	mode := f & 0o777
	f &^= 0o777 | mask<<shift
	if f != 0 {
		p.flags(xShmGet, uint64(f))
		p.Byte('|')
	}
	if huge != 0 {
		p.Uint(uint64(huge))
		p.Str("<<")
		p.constant(shift, "SHM_HUGE_SHIFT", "", unsBase)
		p.Byte('|')
	}
	p.mode(mode)
}

// ipcCmd prints a command of shmctl(2) and its kin; IPC_64 is set by 32-bit
// libraries only.
func (p *printer) ipcCmd(id nameID, c uint32) {
	if c&0x100 != 0 {
		p.constant(0x100, "IPC_64", "", hexBase)
		p.Byte('|')
		c &^= 0x100
	}
	p.val(id, uint64(c))
}

func (p *printer) sembuf(addr, n uint64) {
	var b [3]uint16
	for i := uint64(0); p.each(unsafe.Pointer(&b), 6, addr, i, n); i++ {
		p.Str("{sem_num=")
		p.Uint(uint64(b[0]))
		p.fieldInt("sem_op", int64(int16(b[1])))
		p.field("sem_flg")
		p.flags(xSemFlags, uint64(b[2]))
		p.Byte('}')
	}
}

func (p *printer) msgbuf(addr, n uint64) {
	var t int64
	if p.fetch(unsafe.Pointer(&t), 8, addr) {
		p.Str("{mtype=")
		p.Int(t)
		p.Str(", mtext=")
		p.buf(addr+8, n)
		p.Byte('}')
	}
}

// mqAttr prints struct mq_attr.
func (p *printer) mqAttr(addr uint64) {
	var m [8]int64 // the last four are reserved
	if p.fetch(unsafe.Pointer(&m), 64, addr) {
		p.Str("{mq_flags=")
		if p.c.Sysno == unix.SYS_MQ_OPEN {
			p.hex(uint64(m[0])) // the call ignores them (mq_open(3))
		} else {
			p.flags(xMqAttr, uint64(m[0]))
		}
		p.fieldInt("mq_maxmsg", m[1])
		p.fieldInt("mq_msgsize", m[2])
		p.fieldInt("mq_curmsgs", m[3])
		p.Byte('}')
	}
}

// mqName prints the name of a message queue, without the slash that the
// library took off.
func (p *printer) mqName(addr uint64) { p.path(addr) }
