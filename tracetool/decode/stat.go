package decode

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

func stat(p *text.Printer, addr uint64) {
	var st unix.Stat_t
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&st), int(unsafe.Sizeof(st)), addr) {
		return
	}
	p.Byte('{')
	if p.Full() {
		p.Str("st_dev=")
		p.Dev(st.Dev)
		p.FieldUint("st_ino", st.Ino)
		p.Comma()
	}
	p.Str("st_mode=")
	p.FileMode(st.Mode)
	if p.Full() {
		p.FieldUint("st_nlink", st.Nlink)
		p.Field("st_uid")
		p.ID(st.Uid)
		p.Field("st_gid")
		p.ID(st.Gid)
		p.FieldUint("st_blksize", uint64(st.Blksize))
		p.FieldUint("st_blocks", uint64(st.Blocks))
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFCHR, unix.S_IFBLK:
		p.Field("st_rdev")
		p.Dev(st.Rdev)
	default:
		p.FieldUint("st_size", uint64(st.Size))
	}
	if !p.Full() {
		p.Str(", ...}")
		return
	}
	statTime(p, "st_atime", &st.Atim)
	statTime(p, "st_mtime", &st.Mtim)
	statTime(p, "st_ctime", &st.Ctim)
	p.Byte('}')
}

func statTime(p *text.Printer, name string, t *unix.Timespec) {
	p.FieldInt(name, t.Sec)
	p.Date(t.Sec, uint64(t.Nsec), 9)
	p.Str(", ")
	p.Str(name)
	p.Str("_nsec=")
	p.Int(t.Nsec)
}

// statx prints struct statx; what it leaves out by default was observed.
func statx(p *text.Printer, addr uint64) {
	var st unix.Statx_t
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&st), int(unsafe.Sizeof(st)), addr) {
		return
	}
	p.Str("{stx_mask=")
	p.Flags(names.Statx, uint64(st.Mask))
	if p.Full() {
		p.FieldUint("stx_blksize", uint64(st.Blksize))
	}
	p.Field("stx_attributes")
	p.Flags(names.StatxAttr, st.Attributes)
	if p.Full() {
		statxUint(p, &st, unix.STATX_NLINK, "stx_nlink", uint64(st.Nlink))
		statxID(p, &st, unix.STATX_UID, "stx_uid", st.Uid)
		statxID(p, &st, unix.STATX_GID, "stx_gid", st.Gid)
	}
	if st.Mask&(unix.STATX_TYPE|unix.STATX_MODE) != 0 {
		p.Field("stx_mode")
		p.FileMode(uint32(st.Mode))
	}
	if p.Full() {
		statxUint(p, &st, unix.STATX_INO, "stx_ino", st.Ino)
	}
	statxUint(p, &st, unix.STATX_SIZE, "stx_size", st.Size)
	if !p.Full() {
		p.Str(", ...}")
		return
	}
	statxUint(p, &st, unix.STATX_BLOCKS, "stx_blocks", st.Blocks)
	p.Field("stx_attributes_mask")
	p.Flags(names.StatxAttr, st.Attributes_mask)
	if st.Mask&unix.STATX_ATIME != 0 {
		statxTime(p, "stx_atime", &st.Atime)
	}
	if st.Mask&unix.STATX_BTIME != 0 {
		statxTime(p, "stx_btime", &st.Btime)
	}
	if st.Mask&unix.STATX_CTIME != 0 {
		statxTime(p, "stx_ctime", &st.Ctime)
	}
	if st.Mask&unix.STATX_MTIME != 0 {
		statxTime(p, "stx_mtime", &st.Mtime)
	}
	p.FieldUint("stx_rdev_major", uint64(st.Rdev_major))
	p.FieldUint("stx_rdev_minor", uint64(st.Rdev_minor))
	p.FieldUint("stx_dev_major", uint64(st.Dev_major))
	p.FieldUint("stx_dev_minor", uint64(st.Dev_minor))
	if st.Mask&unix.STATX_MNT_ID != 0 {
		p.FieldHex("stx_mnt_id", st.Mnt_id)
	}
	if st.Mask&unix.STATX_DIOALIGN != 0 {
		p.FieldUint("stx_dio_mem_align", uint64(st.Dio_mem_align))
		p.FieldUint("stx_dio_offset_align", uint64(st.Dio_offset_align))
	}
	p.Byte('}')
}

// statxUint prints a member that the kernel filled in if its mask has bit.
func statxUint(p *text.Printer, st *unix.Statx_t, bit uint32, name string, v uint64) {
	if st.Mask&bit != 0 {
		p.FieldUint(name, v)
	}
}

func statxID(p *text.Printer, st *unix.Statx_t, bit uint32, name string, v uint32) {
	if st.Mask&bit != 0 {
		p.Field(name)
		p.ID(v)
	}
}

func statxTime(p *text.Printer, name string, t *unix.StatxTimestamp) {
	p.Str(", ")
	p.Str(name)
	p.Str("={tv_sec=")
	p.Int(t.Sec)
	p.FieldUint("tv_nsec", uint64(t.Nsec))
	p.Byte('}')
	p.Date(t.Sec, uint64(t.Nsec), 9)
}

// mknod prints mode and, if it makes a device, the device number.
func mknod(p *text.Printer, i int) text.Step {
	m := uint32(uint16(p.C.Args[i]))
	p.FileMode(m)
	if t := m & unix.S_IFMT; t == unix.S_IFCHR || t == unix.S_IFBLK {
		p.Comma()
		p.Dev(uint64(uint32(p.C.Args[i+1])))
	}
	return text.Last
}

func statfs(p *text.Printer, addr uint64) {
	var st unix.Statfs_t
	if !p.Out(addr) || !p.Fetch(unsafe.Pointer(&st), int(unsafe.Sizeof(st)), addr) {
		return
	}
	p.Str("{f_type=")
	p.Val(names.FsMagic, uint64(st.Type))
	p.FieldUint("f_bsize", uint64(st.Bsize))
	p.FieldUint("f_blocks", st.Blocks)
	p.FieldUint("f_bfree", st.Bfree)
	p.FieldUint("f_bavail", st.Bavail)
	p.FieldUint("f_files", st.Files)
	p.FieldUint("f_ffree", st.Ffree)
	p.Str(", f_fsid={val=[")
	p.AltHex(uint64(uint32(st.Fsid.Val[0])))
	p.Comma()
	p.AltHex(uint64(uint32(st.Fsid.Val[1])))
	p.Str("]}")
	p.FieldUint("f_namelen", uint64(st.Namelen))
	p.FieldUint("f_frsize", uint64(st.Frsize))
	p.Field("f_flags")
	p.Flags(names.StatfsFlags, uint64(st.Flags))
	p.Byte('}')
}
