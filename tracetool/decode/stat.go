package tracetool

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func (p *printer) stat(addr uint64) {
	var st unix.Stat_t
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&st), int(unsafe.Sizeof(st)), addr) {
		return
	}
	p.Byte('{')
	if p.full() {
		p.Str("st_dev=")
		p.dev(st.Dev)
		p.fieldUint("st_ino", st.Ino)
		p.comma()
	}
	p.Str("st_mode=")
	p.fileMode(st.Mode)
	if p.full() {
		p.fieldUint("st_nlink", st.Nlink)
		p.field("st_uid")
		p.id(st.Uid)
		p.field("st_gid")
		p.id(st.Gid)
		p.fieldUint("st_blksize", uint64(st.Blksize))
		p.fieldUint("st_blocks", uint64(st.Blocks))
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFCHR, unix.S_IFBLK:
		p.field("st_rdev")
		p.dev(st.Rdev)
	default:
		p.fieldUint("st_size", uint64(st.Size))
	}
	if !p.full() {
		p.Str(", ...}")
		return
	}
	p.statTime("st_atime", &st.Atim)
	p.statTime("st_mtime", &st.Mtim)
	p.statTime("st_ctime", &st.Ctim)
	p.Byte('}')
}

func (p *printer) statTime(name string, t *unix.Timespec) {
	p.fieldInt(name, t.Sec)
	p.date(t.Sec, uint64(t.Nsec), 9)
	p.Str(", ")
	p.Str(name)
	p.Str("_nsec=")
	p.Int(t.Nsec)
}

// statx prints struct statx; what it leaves out by default was observed.
func (p *printer) statx(addr uint64) {
	var st unix.Statx_t
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&st), int(unsafe.Sizeof(st)), addr) {
		return
	}
	p.Str("{stx_mask=")
	p.flags(xStatx, uint64(st.Mask))
	if p.full() {
		p.fieldUint("stx_blksize", uint64(st.Blksize))
	}
	p.field("stx_attributes")
	p.flags(xStatxAttr, st.Attributes)
	if p.full() {
		p.statxUint(&st, unix.STATX_NLINK, "stx_nlink", uint64(st.Nlink))
		p.statxID(&st, unix.STATX_UID, "stx_uid", st.Uid)
		p.statxID(&st, unix.STATX_GID, "stx_gid", st.Gid)
	}
	if st.Mask&(unix.STATX_TYPE|unix.STATX_MODE) != 0 {
		p.field("stx_mode")
		p.fileMode(uint32(st.Mode))
	}
	if p.full() {
		p.statxUint(&st, unix.STATX_INO, "stx_ino", st.Ino)
	}
	p.statxUint(&st, unix.STATX_SIZE, "stx_size", st.Size)
	if !p.full() {
		p.Str(", ...}")
		return
	}
	p.statxUint(&st, unix.STATX_BLOCKS, "stx_blocks", st.Blocks)
	p.field("stx_attributes_mask")
	p.flags(xStatxAttr, st.Attributes_mask)
	if st.Mask&unix.STATX_ATIME != 0 {
		p.statxTime("stx_atime", &st.Atime)
	}
	if st.Mask&unix.STATX_BTIME != 0 {
		p.statxTime("stx_btime", &st.Btime)
	}
	if st.Mask&unix.STATX_CTIME != 0 {
		p.statxTime("stx_ctime", &st.Ctime)
	}
	if st.Mask&unix.STATX_MTIME != 0 {
		p.statxTime("stx_mtime", &st.Mtime)
	}
	p.fieldUint("stx_rdev_major", uint64(st.Rdev_major))
	p.fieldUint("stx_rdev_minor", uint64(st.Rdev_minor))
	p.fieldUint("stx_dev_major", uint64(st.Dev_major))
	p.fieldUint("stx_dev_minor", uint64(st.Dev_minor))
	if st.Mask&unix.STATX_MNT_ID != 0 {
		p.fieldHex("stx_mnt_id", st.Mnt_id)
	}
	if st.Mask&unix.STATX_DIOALIGN != 0 {
		p.fieldUint("stx_dio_mem_align", uint64(st.Dio_mem_align))
		p.fieldUint("stx_dio_offset_align", uint64(st.Dio_offset_align))
	}
	p.Byte('}')
}

// statxUint prints a member that the kernel filled in if its mask has bit.
func (p *printer) statxUint(st *unix.Statx_t, bit uint32, name string, v uint64) {
	if st.Mask&bit != 0 {
		p.fieldUint(name, v)
	}
}

func (p *printer) statxID(st *unix.Statx_t, bit uint32, name string, v uint32) {
	if st.Mask&bit != 0 {
		p.field(name)
		p.id(v)
	}
}

func (p *printer) statxTime(name string, t *unix.StatxTimestamp) {
	p.Str(", ")
	p.Str(name)
	p.Str("={tv_sec=")
	p.Int(t.Sec)
	p.fieldUint("tv_nsec", uint64(t.Nsec))
	p.Byte('}')
	p.date(t.Sec, uint64(t.Nsec), 9)
}

// mknod prints mode and, if it makes a device, the device number.
func (p *printer) mknod(i int) step {
	m := uint32(uint16(p.c.Args[i]))
	p.fileMode(m)
	if t := m & unix.S_IFMT; t == unix.S_IFCHR || t == unix.S_IFBLK {
		p.comma()
		p.dev(uint64(uint32(p.c.Args[i+1])))
	}
	return last
}

func (p *printer) statfs(addr uint64) {
	var st unix.Statfs_t
	if !p.out(addr) || !p.fetch(unsafe.Pointer(&st), int(unsafe.Sizeof(st)), addr) {
		return
	}
	p.Str("{f_type=")
	p.val(xFsMagic, uint64(st.Type))
	p.fieldUint("f_bsize", uint64(st.Bsize))
	p.fieldUint("f_blocks", st.Blocks)
	p.fieldUint("f_bfree", st.Bfree)
	p.fieldUint("f_bavail", st.Bavail)
	p.fieldUint("f_files", st.Files)
	p.fieldUint("f_ffree", st.Ffree)
	p.Str(", f_fsid={val=[")
	p.hex(uint64(uint32(st.Fsid.Val[0])))
	p.comma()
	p.hex(uint64(uint32(st.Fsid.Val[1])))
	p.Str("]}")
	p.fieldUint("f_namelen", uint64(st.Namelen))
	p.fieldUint("f_frsize", uint64(st.Frsize))
	p.field("f_flags")
	p.flags(xStatfsFlags, uint64(st.Flags))
	p.Byte('}')
}
