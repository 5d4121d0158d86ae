package main

import (
	"libsystrap/internal/core"
	"libsystrap/internal/proc"
	"libsystrap/systrap"
)

// INTERCEPT_DEBUG_DUMP: what has been patched, and where, on standard error when the process image ends.

var (
	dumping bool
	// maps and inMapping are too large for a stack.
	maps      proc.Reader
	inMapping [1024]uint64
)

func readDump() {
	v, ok := systrap.Getenv("INTERCEPT_DEBUG_DUMP")
	dumping = ok && v != "0"
}

// fini is called at the end of the process image.
func fini(int) {
	if !dumping || systrap.Vforked() || !maps.Open() {
		return
	}
	var (
		m           proc.Mapping
		name        [256]byte
		named       int
		base        uint64
		sites, jump int
	)
	for maps.Next(&m) {
		if n := min(len(m.Name), len(name)); n == 0 || n != named || string(m.Name[:n]) != string(name[:n]) {
			named = copy(name[:], m.Name)
			base = m.Start - m.Offset
			if named == 0 {
				base = 0
			}
		}
		for i := uint64(0); ; {
			var n int
			if n, i = sitesFrom(i, &m); n == 0 {
				break
			}
			for _, pc := range inMapping[:n] {
				if dumpSite(name[:named], base, pc) {
					jump++
				}
			}
			sites += n
		}
	}
	maps.Close()
	var buf [200]byte
	l := systrap.LineOn(buf[:])
	l.Str("process ")
	l.Int(int64(systrap.Pid()))
	l.Str(": ")
	l.Int(int64(sites))
	l.Str(" syscall instructions patched, ")
	l.Int(int64(jump))
	l.Str(" of them with a jump")
	systrap.Complain(&l)
}

// sitesFrom fills inMapping with sites of m, by address, from i on, as core.NextSite has it.
func sitesFrom(i uint64, m *proc.Mapping) (n int, next uint64) {
	for n < len(inMapping) {
		pc, next := core.NextSite(i, m.Start, m.End)
		if pc == 0 {
			break
		}
		i = next
		k := n
		for ; k > 0 && inMapping[k-1] > pc; k-- {
			inMapping[k] = inMapping[k-1]
		}
		inMapping[k] = pc
		n++
	}
	return n, i
}

// dumpSite writes the line of the site pc, and says whether it has a jump.
func dumpSite(name []byte, base, pc uint64) bool {
	var buf [400]byte
	l := systrap.LineOn(buf[:])
	if len(name) == 0 {
		l.Str("anonymous")
	} else {
		l.Raw(name)
	}
	l.Byte(' ')
	l.Hex(pc - base)
	l.Str(": ")
	l.Str(core.TrapName())
	n := core.JumpBefore(pc)
	if n > 0 {
		l.Str(", and a jump for the ")
		l.Int(int64(n))
		l.Str(" bytes before")
	}
	systrap.Complain(&l)
	return n > 0
}
