package instr

// oneByte holds the attributes of the one-byte opcodes (SDM volume 2, table A-2). Prefixes and the
// escapes 0f, 62, c4, c5 and d5 stand as invalid: they are taken before the table is read.
var oneByte = [256]uint16{
	//       0/8 1/9 2/a 3/b 4/c 5/d 6/e 7/f
	/* 00 */ m_, m_, m_, m_, b_, z_, xx, xx,
	/* 08 */ m_, m_, m_, m_, b_, z_, xx, xx,
	/* 10 */ m_, m_, m_, m_, b_, z_, xx, xx,
	/* 18 */ m_, m_, m_, m_, b_, z_, xx, xx,
	/* 20 */ m_, m_, m_, m_, b_, z_, xx, xx,
	/* 28 */ m_, m_, m_, m_, b_, z_, xx, xx,
	/* 30 */ m_, m_, m_, m_, b_, z_, xx, xx,
	/* 38 */ m_, m_, m_, m_, b_, z_, xx, xx,
	/* 40 */ xx, xx, xx, xx, xx, xx, xx, xx,
	/* 48 */ xx, xx, xx, xx, xx, xx, xx, xx,
	/* 50 */ o_, o_, o_, o_, o_, o_, o_, o_,
	/* 58 */ o_, o_, o_, o_, o_, o_, o_, o_,
	/* 60 */ xx, xx, xx, m_, xx, xx, xx, xx,
	/* 68 */ z_, mz, b_, mi, o_, o_, o_, o_,
	/* 70 */ cc, cc, cc, cc, cc, cc, cc, cc,
	/* 78 */ cc, cc, cc, cc, cc, cc, cc, cc,
	/* 80 */ mi, mz, xx, mi, m_, m_, m_, m_,
	/* 88 */ m_, m_, m_, m_, mg, mm, mg, mg,
	/* 90 */ o_ | grp, o_, o_, o_, o_, o_, o_, o_,
	/* 98 */ o_, o_, xx, o_, o_, o_, o_, o_,
	/* a0 */ a_, a_, a_, a_, o_, o_, o_, o_,
	/* a8 */ b_, z_, o_, o_, o_, o_, o_, o_,
	/* b0 */ b_, b_, b_, b_, b_, b_, b_, b_,
	/* b8 */ v_, v_, v_, v_, v_, v_, v_, v_,
	/* c0 */ mi, mi, w_ | ret, o_ | ret, xx, xx, mi | grp, mz | grp,
	/* c8 */ pA | immEnter, o_, w_ | ret, o_ | ret, o_ | uint16(Int3)<<clsShift, b_ | grp, xx, o_ | ret,
	/* d0 */ m_, m_, m_, m_, xx, xx, xx, o_,
	/* d8 */ mg, mg, mg, mg, mg, mg, mg, mg,
	/* e0 */ cc, cc, cc, cc, b_, b_, b_, b_,
	/* e8 */ pA | immRel32 | call, pA | immRel32 | jump, xx, pA | immRel8 | jump, o_, o_, o_, o_,
	/* f0 */ xx, o_, xx, xx, o_ | uint16(Hlt)<<clsShift, o_, m_ | immTest8, m_ | immTestZ,
	/* f8 */ o_, o_, o_, o_, o_, o_, mg, mg,
}

// prefixOf holds the prefix bit of every prefix byte, 0 for all others.
var prefixOf = [256]Prefix{
	0x26: PrefixES, 0x2e: PrefixCS, 0x36: PrefixSS, 0x3e: PrefixDS, 0x64: PrefixFS, 0x65: PrefixGS,
	0x66: Prefix66, 0x67: Prefix67, 0xf0: PrefixLock, 0xf2: PrefixF2, 0xf3: PrefixF3,
	0x40: PrefixRex, 0x41: PrefixRex, 0x42: PrefixRex, 0x43: PrefixRex,
	0x44: PrefixRex, 0x45: PrefixRex, 0x46: PrefixRex, 0x47: PrefixRex,
	0x48: PrefixRex, 0x49: PrefixRex, 0x4a: PrefixRex, 0x4b: PrefixRex,
	0x4c: PrefixRex, 0x4d: PrefixRex, 0x4e: PrefixRex, 0x4f: PrefixRex,
}
