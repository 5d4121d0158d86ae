package instr

// A process that has its calls trapped by another instruction than ud2 has pairs of bytes in its text that no
// compiler makes: the first byte of `syscall` is one of int3 or hlt there, its second one is still 05, which would
// be taken for the first of an `add`.

// trapFirst is the first byte of such a pair, and trapAttr what oneByte said of it.
var (
	trapFirst byte
	trapAttr  uint16
)

// SetTrap has first (0xcc, int3, or 0xf4, hlt) with 05 behind it decoded as one instruction of class UD2. It is called
// once, before anything is decoded.
func SetTrap(first byte) {
	trapFirst, trapAttr = first, oneByte[first]
	// No mandatory prefix at all is allowed: each walk leaves it to Decode, and that to trapped.
	oneByte[first] &^= ppMask
}

// trapped ends the decoding of what oneByte or twoByte say there is not, whose opcode b ends at offset p.
func trapped(code []byte, p int, b byte, in *Inst) Status {
	if trapFirst == 0 || b != trapFirst || in.Map != 0 {
		return Invalid
	}
	if p >= len(code) || code[p] != 0x05 {
		return decodeTail(code, p, trapAttr, in)
	}
	in.Class = UD2
	in.Len = uint8(p + 1)
	return OK
}
