package text

import (
	"sync/atomic"
	"unsafe"
)

// SocketText is what was once found out about a socket: it is printed as long as
// the socket is, even when its other end has gone.
type SocketText struct {
	ino  atomic.Uint64
	n    uint32
	text [140]byte
}

// ways is how many sockets with equal remainders are remembered: of a server's connections some have.
const ways = 4

// socketPlaces are those where socket ino may be.
func socketPlaces(ino uint64) *[ways]SocketText {
	return (*[ways]SocketText)(unsafe.Pointer(&Sockets[ino%uint64(len(Sockets)/ways)*ways]))
}

// knownSocket is where what is known of socket ino is kept, or nil.
func knownSocket(ino uint64) *SocketText {
	if Sockets == nil {
		return nil
	}
	for i := range socketPlaces(ino) {
		if e := &socketPlaces(ino)[i]; e.ino.Load() == ino {
			return e
		}
	}
	return nil
}

// remember keeps the text of a socket, in an empty place or one of those in turn.
func remember(ino uint64, b []byte) {
	if Sockets == nil || len(b) > len(SocketText{}.text) {
		return
	}
	places := socketPlaces(ino)
	e := &places[ino/uint64(len(Sockets)/ways)%ways]
	for i := range places {
		if o := places[i].ino.Load(); o == ino || o == 0 {
			e = &places[i]
			break
		}
	}
	e.ino.Store(0)
	e.n = uint32(copy(e.text[:], b))
	e.ino.Store(ino)
}

// socketKnown prints the text that was kept, if there is one.
func (p *Printer) socketKnown(ino uint64) bool {
	e := knownSocket(ino)
	if e == nil {
		return false
	}
	p.Raw(e.text[:min(e.n, uint32(len(e.text)))])
	return true
}

// Sockets are those that -yy has looked up, in memory that the processes share; nil if
// there is none.
var Sockets *[256]SocketText
