package instr

// threeByte38 holds the attributes of the opcodes behind 0f 38 (SDM volume 2, table A-4).
var threeByte38 = [256]uint16{
	0x00: sn, sn, sn, sn, sn, sn, sn, sn,
	0x08: sn, sn, sn, sn,
	0x10: s6, 0x14: s6, s6, 0x17: s6,
	0x1c: sn, sn, sn,
	0x20: s6, s6, s6, s6, s6, s6,
	0x28: s6, s6, s6 | noReg, s6,
	0x30: s6, s6, s6, s6, s6, s6, 0x37: s6,
	0x38: s6, s6, s6, s6, s6, s6, s6, s6,
	0x40: s6, s6,
	0x80: s6 | noReg, s6 | noReg, s6 | noReg, // invept, invvpid, invpcid
	0xc8: mrm | pN, mrm | pN, mrm | pN, mrm | pN, mrm | pN, mrm | pN, // SHA
	0xcf: s6,              // gf2p8mulb
	0xd8: mrm | pF3 | grp, // Key Locker, wide
	0xdb: s6,              // aesimc
	0xdc: mrm | p66 | pF3 | grp, mrm | p66 | pF3 | grp, mrm | p66 | pF3 | grp, mrm | p66 | pF3 | grp,
	0xf0: s4 | grp, s4 | grp, // movbe, crc32
	0xf5: s6 | noReg,                           // wruss
	0xf6: mrm | pN | p66 | pF3 | grp,           // wrss, adcx, adox
	0xf8: mrm | p66 | pF3 | pF2 | noReg,        // movdir64b, enqcmds, enqcmd
	0xf9: mrm | pN | noReg,                     // movdiri
	0xfa: mrm | pF3 | noMem, mrm | pF3 | noMem, // encodekey128, encodekey256
	0xfc: s4 | noReg, // aadd, aand, aor, axor
}

// threeByte3A holds the attributes of the opcodes behind 0f 3a (SDM volume 2, table A-5).
var threeByte3A = [256]uint16{
	0x08: i6, i6, i6, i6, i6, i6, i6, sn | imm8,
	0x14: i6, i6, i6, i6,
	0x20: i6, i6, i6,
	0x40: i6, i6, i6, 0x44: i6,
	0x60: i6, i6, i6, i6,
	0xcc: mrm | pN | imm8, // sha1rnds4
	0xce: i6, i6,          // gf2p8affine
	0xdf: i6,                             // aeskeygenassist
	0xf0: mrm | pF3 | imm8 | noMem | grp, // hreset
}
