package tracetool

// quotactl(2): include/uapi/linux/quota.h, dqblk_xfs.h.

var (
	sDqblk = []field{{"dqb_bhardlimit", fU64, 0}, {"dqb_bsoftlimit", fU64, 0}, {"dqb_curspace", fU64, 0}, {"dqb_ihardlimit", fU64, 0},
		{"dqb_isoftlimit", fU64, 0}, {"dqb_curinodes", fU64, 0}, {"", fAbbrev, 0}, {"dqb_btime", fU64, 0}, {"dqb_itime", fU64, 0},
		{"dqb_valid", fF32, xQif}}
	sNextDqblk = []field{{"dqb_bhardlimit", fU64, 0}, {"dqb_bsoftlimit", fU64, 0}, {"dqb_curspace", fU64, 0}, {"dqb_ihardlimit", fU64, 0},
		{"dqb_isoftlimit", fU64, 0}, {"dqb_curinodes", fU64, 0}, {"dqb_btime", fU64, 0}, {"dqb_itime", fU64, 0}, {"dqb_valid", fF32, xQif},
		{"dqb_id", fU32, 0}}
	sNextDqblkShort = []field{{"dqb_bhardlimit", fU64, 0}, {"dqb_bsoftlimit", fU64, 0}, {"dqb_curspace", fU64, 0}, {"dqb_ihardlimit", fU64, 0},
		{"dqb_isoftlimit", fU64, 0}, {"dqb_curinodes", fU64, 0}, {"", fAt, 68}, {"dqb_id", fU32, 0}, {"", fAbbrev, 0}}
	sDqinfo = []field{{"dqi_bgrace", fU64, 0}, {"dqi_igrace", fU64, 0}, {"dqi_flags", fF32, xDqf}, {"dqi_valid", fF32, xIif}}
	sXquota = []field{{"d_version", fD8, 0}, {"d_flags", fF8, xXqFlag}, {"d_fieldmask", fX16, 0}, {"d_id", fU32, 0},
		{"d_blk_hardlimit", fU64, 0}, {"d_blk_softlimit", fU64, 0}, {"d_ino_hardlimit", fU64, 0}, {"d_ino_softlimit", fU64, 0},
		{"d_bcount", fU64, 0}, {"d_icount", fU64, 0}, {"", fAbbrev, 0}, {"d_itimer", fD32, 0}, {"d_btimer", fD32, 0}, {"d_iwarns", fU16, 0},
		{"d_bwarns", fU16, 0}, {"", fAt, 72}, {"d_rtb_hardlimit", fU64, 0}, {"d_rtb_softlimit", fU64, 0}, {"d_rtbcount", fU64, 0},
		{"d_rtbtimer", fD32, 0}, {"d_rtbwarns", fU16, 0}, {"", fPad, 10}}
	sXstat = []field{{"qs_version", fD8, 0}, {"", fAbbrev, 0}, {"qs_flags", fF16, xXqUse}, {"", fAt, 8}, {"qs_uquota", fOpen, 0},
		{"qfs_ino", fU64, 0}, {"qfs_nblks", fU64, 0}, {"qfs_nextents", fU32, 0}, {"", fClose, 0}, {"", fAt, 32}, {"qs_gquota", fOpen, 0},
		{"qfs_ino", fU64, 0}, {"qfs_nblks", fU64, 0}, {"qfs_nextents", fU32, 0}, {"", fClose, 0}, {"", fAt, 56}, {"qs_incoredqs", fU32, 0},
		{"qs_btimelimit", fD32, 0}, {"qs_itimelimit", fD32, 0}, {"qs_rtbtimelimit", fD32, 0}, {"qs_bwarnlimit", fU16, 0}, {"qs_iwarnlimit", fU16, 0},
		{"", fPad, 4}}
	sXstatv = []field{{"qs_version", fD8, 0}, {"", fAbbrev, 0}, {"qs_flags", fF16, xXqUse}, {"qs_incoredqs", fU32, 0}, {"qs_uquota", fOpen, 0},
		{"qfs_ino", fU64, 0}, {"qfs_nblks", fU64, 0}, {"qfs_nextents", fU32, 0}, {"", fClose, 0}, {"", fAt, 32}, {"qs_gquota", fOpen, 0},
		{"qfs_ino", fU64, 0}, {"qfs_nblks", fU64, 0}, {"qfs_nextents", fU32, 0}, {"", fClose, 0}, {"", fAt, 56}, {"qs_pquota", fOpen, 0},
		{"qfs_ino", fU64, 0}, {"qfs_nblks", fU64, 0}, {"qfs_nextents", fU32, 0}, {"", fClose, 0}, {"", fAt, 80}, {"qs_btimelimit", fD32, 0},
		{"qs_itimelimit", fD32, 0}, {"qs_rtbtimelimit", fD32, 0}, {"qs_bwarnlimit", fU16, 0}, {"qs_iwarnlimit", fU16, 0}, {"", fPad, 64}}
)

// quotaCall is what a command does with id and address.
type quotaCall struct {
	cmd uint32
	k   ik
	id  bool // the third argument is an id
	x   nameID
	s   []field
}

const xqm = 'X' << 8 // XQM_CMD

var quotaCalls = [...]quotaCall{
	{cmd: 0x800001}, {cmd: 0x800003}, {cmd: xqm + 7}, // Q_SYNC, Q_QUOTAOFF, Q_XQUOTASYNC
	{cmd: 0x800002, k: iSpecial}, // Q_QUOTAON
	{cmd: 0x800007, k: iStruct | out, id: true, s: sDqblk}, {cmd: 0x800008, k: iStruct, id: true, s: sDqblk},
	{cmd: 0x800009, k: iStruct | out, id: true, s: sNextDqblk}, {cmd: xqm + 3, k: iStruct | out, id: true, s: sXquota},
	{cmd: xqm + 9, k: iStruct | out, id: true, s: sXquota}, {cmd: xqm + 4, k: iStruct, id: true, s: sXquota},
	{cmd: 0x800004, k: iValAt | out, x: xQfmt}, {cmd: 0x800005, k: iStruct | out, s: sDqinfo}, {cmd: 0x800006, k: iStruct, s: sDqinfo},
	{cmd: xqm + 5, k: iStruct | out, s: sXstat}, {cmd: xqm + 8, k: iStruct | out, s: sXstatv},
	{cmd: xqm + 1, k: iFlagAt, x: xXqUse}, {cmd: xqm + 2, k: iFlagAt, x: xXqUse}, {cmd: xqm + 6, k: iFlagAt, x: xXqFlag},
}

// quota prints the arguments of quotactl(2) and quotactl_fd(2) behind the
// first.
func (p *printer) quota() step {
	a := &p.c.Args
	qcmd, id, v := uint32(a[0]), uint32(a[2]), a[3]
	fd := p.c.Sysno == quotactlFd
	if fd {
		qcmd = uint32(a[1])
	}
	if !p.cont {
		if fd {
			p.quotaCmd(qcmd)
		} else {
			p.path(a[1])
		}
	}
	for i := range quotaCalls {
		if q := &quotaCalls[i]; q.cmd == qcmd>>8 {
			return p.quotaData(q, id, v)
		}
	}
	p.comma()
	p.id(id)
	p.comma()
	p.ptr(v)
	return last
}

const quotactlFd = 443

func (p *printer) quotaData(q *quotaCall, id uint32, v uint64) step {
	if q.k == iNone {
		return last
	}
	if q.k == iSpecial {
		p.comma()
		p.val(xQfmt, uint64(id))
		p.comma()
		p.path(v)
		return last
	}
	if !p.cont {
		p.comma()
		if q.id {
			p.id(id)
			p.comma()
		}
		if q.k&out != 0 && !p.exit {
			return wait
		}
	}
	if q.k&out != 0 && !p.out(v) {
		return last
	}
	a := ioctlArg{x: q.x, s: q.s}
	if q.cmd == 0x800009 && !p.full() { // the number of the next one is worth more than times
		a.s = sNextDqblkShort
	}
	p.ioctlOne(&a, q.k&^out, v)
	return last
}
