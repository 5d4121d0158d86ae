package footprint

import "libsystrap/systrap"

// readUint32 reads a number of the program's.
func readUint32(addr uint64) (v uint32, ok bool) {
	var b [4]byte
	if systrap.Read(b[:], addr) != len(b) {
		return 0, false
	}
	return le32(b[:]), true
}

// read32 and read64 are a number of the program's, or 0.
func read32(addr uint64) uint32 {
	v, _ := readUint32(addr)
	return v
}

func read64(addr uint64) uint64 {
	v, _ := systrap.ReadUint64(addr)
	return v
}

func le32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func le64(b []byte) uint64 { return uint64(le32(b)) | uint64(le32(b[4:]))<<32 }

// readable says whether there is something at addr.
func readable(addr uint64) bool {
	var b [1]byte
	return systrap.Read(b[:], addr) == 1
}
