package text

import "sync/atomic"

// SocketText is what was once found out about a socket: it is printed as long as
// the socket is, even when its other end has gone.
type SocketText struct {
	ino  atomic.Uint64
	n    uint32
	text [140]byte
}

// remember keeps the text of a socket.
func remember(ino uint64, b []byte) {
	if Sockets == nil || len(b) > len(SocketText{}.text) {
		return
	}
	e := &Sockets[ino%uint64(len(Sockets))]
	e.ino.Store(0)
	e.n = uint32(copy(e.text[:], b))
	e.ino.Store(ino)
}

// socketKnown prints the text that was kept, if there is one.
func (p *Printer) socketKnown(ino uint64) bool {
	if Sockets == nil {
		return false
	}
	e := &Sockets[ino%uint64(len(Sockets))]
	if e.ino.Load() != ino {
		return false
	}
	p.Raw(e.text[:min(e.n, uint32(len(e.text)))])
	return true
}

// Sockets are those that -yy has looked up, in memory that the processes share; nil if
// there is none.
var Sockets *[256]SocketText
