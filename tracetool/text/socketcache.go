package tracetool

import "sync/atomic"

// socketText is what was once found out about a socket: it is printed as long as
// the socket is, even when its other end has gone.
type socketText struct {
	ino  atomic.Uint64
	n    uint32
	text [140]byte
}

// remember keeps the text of a socket.
func remember(ino uint64, b []byte) {
	if sockets == nil || len(b) > len(socketText{}.text) {
		return
	}
	e := &sockets[ino%uint64(len(sockets))]
	e.ino.Store(0)
	e.n = uint32(copy(e.text[:], b))
	e.ino.Store(ino)
}

// socketKnown prints the text that was kept, if there is one.
func (p *printer) socketKnown(ino uint64) bool {
	if sockets == nil {
		return false
	}
	e := &sockets[ino%uint64(len(sockets))]
	if e.ino.Load() != ino {
		return false
	}
	p.Raw(e.text[:min(e.n, uint32(len(e.text)))])
	return true
}

// sockets are those that -yy has looked up, in memory that the processes share; nil if
// there is none.
var sockets *[256]socketText
