package footprint

// ioctlRow is a command whose number does not say what its argument is, or says it wrongly.
type ioctlRow struct {
	cmd  uint32
	what ioctlKind
	size uint16
}

type ioctlKind uint8

const (
	ioctlNumber ioctlKind = iota // no address
	ioctlReads
	ioctlWrites
	ioctlBoth
)

// ioctlRows are sorted by the number. The sizes are those of include/uapi's structures.
var ioctlRows = [...]ioctlRow{
	{0x1, ioctlBoth, 4},           // FIBMAP
	{0x2, ioctlWrites, 4},         // FIGETBSZ
	{0x301, ioctlWrites, 16},      // HDIO_GETGEO
	{0x30d, ioctlWrites, 512},     // HDIO_GET_IDENTITY
	{0x125d, ioctlReads, 4},       // BLKROSET
	{0x125e, ioctlWrites, 4},      // BLKROGET
	{0x1260, ioctlWrites, 8},      // BLKGETSIZE
	{0x1263, ioctlWrites, 8},      // BLKRAGET
	{0x1265, ioctlWrites, 8},      // BLKFRAGET
	{0x1267, ioctlWrites, 2},      // BLKSECTGET
	{0x1268, ioctlWrites, 4},      // BLKSSZGET
	{0x1277, ioctlReads, 16},      // BLKDISCARD
	{0x1278, ioctlWrites, 4},      // BLKIOMIN
	{0x1279, ioctlWrites, 4},      // BLKIOOPT
	{0x127a, ioctlWrites, 4},      // BLKALIGNOFF
	{0x127b, ioctlWrites, 4},      // BLKPBSZGET
	{0x127c, ioctlWrites, 4},      // BLKDISCARDZEROES
	{0x127d, ioctlReads, 16},      // BLKSECDISCARD
	{0x127e, ioctlWrites, 2},      // BLKROTATIONAL
	{0x127f, ioctlReads, 16},      // BLKZEROOUT
	{0x2201, ioctlReads, 4},       // SG_SET_TIMEOUT
	{0x2203, ioctlWrites, 4},      // SG_EMULATED_HOST
	{0x2270, ioctlWrites, 4},      // SG_GET_COMMAND_Q
	{0x2271, ioctlReads, 4},       // SG_SET_COMMAND_Q
	{0x2272, ioctlWrites, 4},      // SG_GET_RESERVED_SIZE
	{0x2275, ioctlReads, 4},       // SG_SET_RESERVED_SIZE
	{0x2276, ioctlWrites, 32},     // SG_GET_SCSI_ID
	{0x227a, ioctlWrites, 4},      // SG_GET_LOW_DMA
	{0x227b, ioctlReads, 4},       // SG_SET_FORCE_PACK_ID
	{0x227c, ioctlWrites, 4},      // SG_GET_PACK_ID
	{0x227d, ioctlWrites, 4},      // SG_GET_NUM_WAITING
	{0x227e, ioctlReads, 4},       // SG_SET_DEBUG
	{0x227f, ioctlWrites, 4},      // SG_GET_SG_TABLESIZE
	{0x2282, ioctlWrites, 4},      // SG_GET_VERSION_NUM
	{0x2283, ioctlReads, 4},       // SG_NEXT_CMD_LEN
	{0x2287, ioctlReads, 4},       // SG_SET_KEEP_ORPHAN
	{0x2288, ioctlWrites, 4},      // SG_GET_KEEP_ORPHAN
	{0x4b31, ioctlWrites, 1},      // KDGETLED
	{0x4b33, ioctlWrites, 1},      // KDGKBTYPE
	{0x4b3b, ioctlWrites, 4},      // KDGETMODE
	{0x4b40, ioctlWrites, 256},    // GIO_SCRNMAP
	{0x4b41, ioctlReads, 256},     // PIO_SCRNMAP
	{0x4b44, ioctlWrites, 4},      // KDGKBMODE
	{0x4b46, ioctlBoth, 4},        // KDGKBENT
	{0x4b47, ioctlReads, 4},       // KDSKBENT
	{0x4b48, ioctlBoth, 513},      // KDGKBSENT
	{0x4b49, ioctlReads, 513},     // KDSKBSENT
	{0x4b4a, ioctlWrites, 772},    // KDGKBDIACR
	{0x4b52, ioctlBoth, 8},        // KDKBDREP
	{0x4b60, ioctlWrites, 8192},   // GIO_FONT
	{0x4b61, ioctlReads, 8192},    // PIO_FONT
	{0x4b62, ioctlWrites, 4},      // KDGKBMETA
	{0x4b64, ioctlWrites, 1},      // KDGKBLED
	{0x4b69, ioctlWrites, 512},    // GIO_UNISCRNMAP
	{0x4b6a, ioctlReads, 512},     // PIO_UNISCRNMAP
	{0x4b70, ioctlWrites, 48},     // GIO_CMAP
	{0x4b71, ioctlReads, 48},      // PIO_CMAP
	{0x4bfa, ioctlWrites, 3076},   // KDGKBDIACRUC
	{0x4c02, ioctlReads, 168},     // LOOP_SET_STATUS
	{0x4c03, ioctlWrites, 168},    // LOOP_GET_STATUS
	{0x4c04, ioctlReads, 232},     // LOOP_SET_STATUS64
	{0x4c05, ioctlWrites, 232},    // LOOP_GET_STATUS64
	{0x4c0a, ioctlReads, 304},     // LOOP_CONFIGURE
	{0x5303, ioctlReads, 6},       // CDROMPLAYMSF
	{0x5304, ioctlReads, 4},       // CDROMPLAYTRKIND
	{0x5305, ioctlBoth, 2},        // CDROMREADTOCHDR
	{0x5306, ioctlBoth, 12},       // CDROMREADTOCENTRY
	{0x530a, ioctlReads, 4},       // CDROMVOLCTRL
	{0x530b, ioctlBoth, 16},       // CDROMSUBCHNL
	{0x5310, ioctlBoth, 8},        // CDROMMULTISESSION
	{0x5311, ioctlWrites, 14},     // CDROM_GET_MCN
	{0x5313, ioctlWrites, 4},      // CDROMVOLREAD
	{0x5401, ioctlWrites, 36},     // TCGETS
	{0x5402, ioctlReads, 36},      // TCSETS
	{0x5403, ioctlReads, 36},      // TCSETSW
	{0x5404, ioctlReads, 36},      // TCSETSF
	{0x5405, ioctlWrites, 18},     // TCGETA
	{0x5406, ioctlReads, 18},      // TCSETA
	{0x5407, ioctlReads, 18},      // TCSETAW
	{0x5408, ioctlReads, 18},      // TCSETAF
	{0x540f, ioctlWrites, 4},      // TIOCGPGRP
	{0x5410, ioctlReads, 4},       // TIOCSPGRP
	{0x5411, ioctlWrites, 4},      // TIOCOUTQ
	{0x5412, ioctlReads, 1},       // TIOCSTI
	{0x5413, ioctlWrites, 8},      // TIOCGWINSZ
	{0x5414, ioctlReads, 8},       // TIOCSWINSZ
	{0x5415, ioctlWrites, 4},      // TIOCMGET
	{0x5416, ioctlReads, 4},       // TIOCMBIS
	{0x5417, ioctlReads, 4},       // TIOCMBIC
	{0x5418, ioctlReads, 4},       // TIOCMSET
	{0x5419, ioctlWrites, 4},      // TIOCGSOFTCAR
	{0x541a, ioctlReads, 4},       // TIOCSSOFTCAR
	{0x541b, ioctlWrites, 4},      // FIONREAD
	{0x541c, ioctlReads, 1},       // TIOCLINUX
	{0x541e, ioctlWrites, 72},     // TIOCGSERIAL
	{0x541f, ioctlReads, 72},      // TIOCSSERIAL
	{0x5420, ioctlReads, 4},       // TIOCPKT
	{0x5421, ioctlReads, 4},       // FIONBIO
	{0x5423, ioctlReads, 4},       // TIOCSETD
	{0x5424, ioctlWrites, 4},      // TIOCGETD
	{0x5429, ioctlWrites, 4},      // TIOCGSID
	{0x542e, ioctlWrites, 32},     // TIOCGRS485
	{0x542f, ioctlBoth, 32},       // TIOCSRS485
	{0x5432, ioctlWrites, 16},     // TCGETX
	{0x5433, ioctlReads, 16},      // TCSETX
	{0x5434, ioctlReads, 16},      // TCSETXF
	{0x5435, ioctlReads, 16},      // TCSETXW
	{0x5452, ioctlReads, 4},       // FIOASYNC
	{0x5456, ioctlWrites, 36},     // TIOCGLCKTRMIOS
	{0x5457, ioctlReads, 36},      // TIOCSLCKTRMIOS
	{0x545d, ioctlWrites, 80},     // TIOCGICOUNT
	{0x5460, ioctlWrites, 8},      // FIOQSIZE
	{0x5600, ioctlWrites, 4},      // VT_OPENQRY
	{0x5601, ioctlWrites, 8},      // VT_GETMODE
	{0x5602, ioctlReads, 8},       // VT_SETMODE
	{0x5603, ioctlWrites, 6},      // VT_GETSTATE
	{0x5609, ioctlReads, 6},       // VT_RESIZE
	{0x560a, ioctlReads, 12},      // VT_RESIZEX
	{0x560d, ioctlWrites, 2},      // VT_GETHIFONTMASK
	{0x560e, ioctlBoth, 28},       // VT_WAITEVENT
	{0x560f, ioctlReads, 12},      // VT_SETACTIVATE
	{0x8901, ioctlReads, 4},       // FIOSETOWN
	{0x8902, ioctlReads, 4},       // SIOCSPGRP
	{0x8903, ioctlWrites, 4},      // FIOGETOWN
	{0x8904, ioctlWrites, 4},      // SIOCGPGRP
	{0x8905, ioctlWrites, 4},      // SIOCATMARK
	{0x8906, ioctlWrites, 16},     // SIOCGSTAMP_OLD
	{0x8907, ioctlWrites, 16},     // SIOCGSTAMPNS_OLD
	{0x890b, ioctlReads, 120},     // SIOCADDRT
	{0x890c, ioctlReads, 120},     // SIOCDELRT
	{0x8953, ioctlReads, 68},      // SIOCDARP
	{0x8954, ioctlBoth, 68},       // SIOCGARP
	{0x8955, ioctlReads, 68},      // SIOCSARP
	{0x40042408, ioctlNumber, 0},  // PERF_EVENT_IOC_SET_BPF
	{0x400454c8, ioctlNumber, 0},  // TUNSETNOCSUM
	{0x400454c9, ioctlNumber, 0},  // TUNSETDEBUG
	{0x400454ca, ioctlBoth, 40},   // TUNSETIFF
	{0x400454cb, ioctlNumber, 0},  // TUNSETPERSIST
	{0x400454cc, ioctlNumber, 0},  // TUNSETOWNER
	{0x400454cd, ioctlNumber, 0},  // TUNSETLINK
	{0x400454ce, ioctlNumber, 0},  // TUNSETGROUP
	{0x400454d0, ioctlNumber, 0},  // TUNSETOFFLOAD
	{0x40049409, ioctlNumber, 0},  // FICLONE
	{0x40081271, ioctlReads, 4},   // BLKBSZSET
	{0x40086602, ioctlReads, 4},   // FS_IOC_SETFLAGS
	{0x40087602, ioctlReads, 4},   // FS_IOC_SETVERSION
	{0x80045200, ioctlWrites, 4},  // RNDGETENTCNT
	{0x800454d2, ioctlWrites, 40}, // TUNGETIFF
	{0x80081270, ioctlWrites, 4},  // BLKBSZGET
	{0x80082407, ioctlWrites, 8},  // PERF_EVENT_IOC_ID
	{0x80086601, ioctlWrites, 4},  // FS_IOC_GETFLAGS
	{0x80087601, ioctlWrites, 4},  // FS_IOC_GETVERSION
	{0xc0045877, ioctlNumber, 0},  // FIFREEZE
	{0xc0045878, ioctlNumber, 0},  // FITHAW
}
