package decode

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/ioctl"
	"libsystrap/tracetool/text"
)

// quotactl(2): include/uapi/linux/quota.h, dqblk_xfs.h.

var (
	sDqblk = []text.Field{{Name: "dqb_bhardlimit", Kind: text.U64}, {Name: "dqb_bsoftlimit", Kind: text.U64}, {Name: "dqb_curspace", Kind: text.U64}, {Name: "dqb_ihardlimit", Kind: text.U64},
		{Name: "dqb_isoftlimit", Kind: text.U64}, {Name: "dqb_curinodes", Kind: text.U64}, {Kind: text.Abbrev}, {Name: "dqb_btime", Kind: text.U64}, {Name: "dqb_itime", Kind: text.U64},
		{Name: "dqb_valid", Kind: text.F32, Arg: names.Qif}}
	sNextDqblk = []text.Field{{Name: "dqb_bhardlimit", Kind: text.U64}, {Name: "dqb_bsoftlimit", Kind: text.U64}, {Name: "dqb_curspace", Kind: text.U64}, {Name: "dqb_ihardlimit", Kind: text.U64},
		{Name: "dqb_isoftlimit", Kind: text.U64}, {Name: "dqb_curinodes", Kind: text.U64}, {Name: "dqb_btime", Kind: text.U64}, {Name: "dqb_itime", Kind: text.U64}, {Name: "dqb_valid", Kind: text.F32, Arg: names.Qif},
		{Name: "dqb_id", Kind: text.U32}}
	sNextDqblkShort = []text.Field{{Name: "dqb_bhardlimit", Kind: text.U64}, {Name: "dqb_bsoftlimit", Kind: text.U64}, {Name: "dqb_curspace", Kind: text.U64}, {Name: "dqb_ihardlimit", Kind: text.U64},
		{Name: "dqb_isoftlimit", Kind: text.U64}, {Name: "dqb_curinodes", Kind: text.U64}, {Kind: text.At, Arg: 68}, {Name: "dqb_id", Kind: text.U32}, {Kind: text.Abbrev}}
	sDqinfo = []text.Field{{Name: "dqi_bgrace", Kind: text.U64}, {Name: "dqi_igrace", Kind: text.U64}, {Name: "dqi_flags", Kind: text.F32, Arg: names.Dqf}, {Name: "dqi_valid", Kind: text.F32, Arg: names.Iif}}
	sXquota = []text.Field{{Name: "d_version", Kind: text.D8}, {Name: "d_flags", Kind: text.F8, Arg: names.XqFlag}, {Name: "d_fieldmask", Kind: text.X16}, {Name: "d_id", Kind: text.U32},
		{Name: "d_blk_hardlimit", Kind: text.U64}, {Name: "d_blk_softlimit", Kind: text.U64}, {Name: "d_ino_hardlimit", Kind: text.U64}, {Name: "d_ino_softlimit", Kind: text.U64},
		{Name: "d_bcount", Kind: text.U64}, {Name: "d_icount", Kind: text.U64}, {Kind: text.Abbrev}, {Name: "d_itimer", Kind: text.D32}, {Name: "d_btimer", Kind: text.D32}, {Name: "d_iwarns", Kind: text.U16},
		{Name: "d_bwarns", Kind: text.U16}, {Kind: text.At, Arg: 72}, {Name: "d_rtb_hardlimit", Kind: text.U64}, {Name: "d_rtb_softlimit", Kind: text.U64}, {Name: "d_rtbcount", Kind: text.U64},
		{Name: "d_rtbtimer", Kind: text.D32}, {Name: "d_rtbwarns", Kind: text.U16}, {Kind: text.Pad, Arg: 10}}
	sXstat = []text.Field{{Name: "qs_version", Kind: text.D8}, {Kind: text.Abbrev}, {Name: "qs_flags", Kind: text.F16, Arg: names.XqUse}, {Kind: text.At, Arg: 8}, {Name: "qs_uquota", Kind: text.Open},
		{Name: "qfs_ino", Kind: text.U64}, {Name: "qfs_nblks", Kind: text.U64}, {Name: "qfs_nextents", Kind: text.U32}, {Kind: text.Close}, {Kind: text.At, Arg: 32}, {Name: "qs_gquota", Kind: text.Open},
		{Name: "qfs_ino", Kind: text.U64}, {Name: "qfs_nblks", Kind: text.U64}, {Name: "qfs_nextents", Kind: text.U32}, {Kind: text.Close}, {Kind: text.At, Arg: 56}, {Name: "qs_incoredqs", Kind: text.U32},
		{Name: "qs_btimelimit", Kind: text.D32}, {Name: "qs_itimelimit", Kind: text.D32}, {Name: "qs_rtbtimelimit", Kind: text.D32}, {Name: "qs_bwarnlimit", Kind: text.U16}, {Name: "qs_iwarnlimit", Kind: text.U16},
		{Kind: text.Pad, Arg: 4}}
	sXstatv = []text.Field{{Name: "qs_version", Kind: text.D8}, {Kind: text.Abbrev}, {Name: "qs_flags", Kind: text.F16, Arg: names.XqUse}, {Name: "qs_incoredqs", Kind: text.U32}, {Name: "qs_uquota", Kind: text.Open},
		{Name: "qfs_ino", Kind: text.U64}, {Name: "qfs_nblks", Kind: text.U64}, {Name: "qfs_nextents", Kind: text.U32}, {Kind: text.Close}, {Kind: text.At, Arg: 32}, {Name: "qs_gquota", Kind: text.Open},
		{Name: "qfs_ino", Kind: text.U64}, {Name: "qfs_nblks", Kind: text.U64}, {Name: "qfs_nextents", Kind: text.U32}, {Kind: text.Close}, {Kind: text.At, Arg: 56}, {Name: "qs_pquota", Kind: text.Open},
		{Name: "qfs_ino", Kind: text.U64}, {Name: "qfs_nblks", Kind: text.U64}, {Name: "qfs_nextents", Kind: text.U32}, {Kind: text.Close}, {Kind: text.At, Arg: 80}, {Name: "qs_btimelimit", Kind: text.D32},
		{Name: "qs_itimelimit", Kind: text.D32}, {Name: "qs_rtbtimelimit", Kind: text.D32}, {Name: "qs_bwarnlimit", Kind: text.U16}, {Name: "qs_iwarnlimit", Kind: text.U16}, {Kind: text.Pad, Arg: 64}}
)

// quotaCall is what a command does with id and address.
type quotaCall struct {
	cmd uint32
	k   ioctl.Kind
	id  bool // the third argument is an id
	x   names.ID
	s   []text.Field
}

const xqm = 'X' << 8 // XQM_CMD

var quotaCalls = [...]quotaCall{
	{cmd: 0x800001}, {cmd: 0x800003}, {cmd: xqm + 7}, // Q_SYNC, Q_QUOTAOFF, Q_XQUOTASYNC
	{cmd: 0x800002, k: ioctl.Special}, // Q_QUOTAON
	{cmd: 0x800007, k: ioctl.Struct | ioctl.Out, id: true, s: sDqblk}, {cmd: 0x800008, k: ioctl.Struct, id: true, s: sDqblk},
	{cmd: 0x800009, k: ioctl.Struct | ioctl.Out, id: true, s: sNextDqblk}, {cmd: xqm + 3, k: ioctl.Struct | ioctl.Out, id: true, s: sXquota},
	{cmd: xqm + 9, k: ioctl.Struct | ioctl.Out, id: true, s: sXquota}, {cmd: xqm + 4, k: ioctl.Struct, id: true, s: sXquota},
	{cmd: 0x800004, k: ioctl.ValAt | ioctl.Out, x: names.Qfmt}, {cmd: 0x800005, k: ioctl.Struct | ioctl.Out, s: sDqinfo}, {cmd: 0x800006, k: ioctl.Struct, s: sDqinfo},
	{cmd: xqm + 5, k: ioctl.Struct | ioctl.Out, s: sXstat}, {cmd: xqm + 8, k: ioctl.Struct | ioctl.Out, s: sXstatv},
	{cmd: xqm + 1, k: ioctl.FlagAt, x: names.XqUse}, {cmd: xqm + 2, k: ioctl.FlagAt, x: names.XqUse}, {cmd: xqm + 6, k: ioctl.FlagAt, x: names.XqFlag},
}

// quota prints the arguments of quotactl(2) and quotactl_fd(2) behind the
// first.
func quota(p *text.Printer) text.Step {
	a := &p.C.Args
	qcmd, id, v := uint32(a[0]), uint32(a[2]), a[3]
	fd := p.C.Sysno == quotactlFd
	if fd {
		qcmd = uint32(a[1])
	}
	if !p.Cont {
		if fd {
			quotaCmd(p, qcmd)
		} else {
			p.Path(a[1])
		}
	}
	for i := range quotaCalls {
		if q := &quotaCalls[i]; q.cmd == qcmd>>8 {
			return quotaData(p, q, id, v)
		}
	}
	p.Comma()
	p.ID(id)
	p.Comma()
	p.Ptr(v)
	return text.Last
}

const quotactlFd = 443

func quotaData(p *text.Printer, q *quotaCall, id uint32, v uint64) text.Step {
	if q.k == ioctl.None {
		return text.Last
	}
	if q.k == ioctl.Special {
		p.Comma()
		p.Val(names.Qfmt, uint64(id))
		p.Comma()
		p.Path(v)
		return text.Last
	}
	if !p.Cont {
		p.Comma()
		if q.id {
			p.ID(id)
			p.Comma()
		}
		if q.k&ioctl.Out != 0 && !p.Exit {
			return text.Wait
		}
	}
	if q.k&ioctl.Out != 0 && !p.Out(v) {
		return text.Last
	}
	a := ioctl.Arg{X: q.x, S: q.s}
	if q.cmd == 0x800009 && !p.Full() { // the number of the next one is worth more than times
		a.S = sNextDqblkShort
	}
	ioctl.One(p, &a, q.k&^ioctl.Out, v)
	return text.Last
}
