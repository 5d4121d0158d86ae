package tracetool

// The device mapper (linux/dm-ioctl.h): each command takes a struct dm_ioctl,
// with data of its own at the offset that data_start gives.

import "unsafe"

var ioctlDm = []ioctlArg{
	{cmd: cmdDM_VERSION, k: iSpecial}, {cmd: cmdDM_REMOVE_ALL, k: iSpecial}, {cmd: cmdDM_LIST_DEVICES, k: iSpecial}, {cmd: cmdDM_DEV_CREATE, k: iSpecial},
	{cmd: cmdDM_DEV_REMOVE, k: iSpecial}, {cmd: cmdDM_DEV_RENAME, k: iSpecial}, {cmd: cmdDM_DEV_SUSPEND, k: iSpecial}, {cmd: cmdDM_DEV_STATUS, k: iSpecial},
	{cmd: cmdDM_DEV_WAIT, k: iSpecial}, {cmd: cmdDM_TABLE_LOAD, k: iSpecial}, {cmd: cmdDM_TABLE_CLEAR, k: iSpecial}, {cmd: cmdDM_TABLE_DEPS, k: iSpecial},
	{cmd: cmdDM_TABLE_STATUS, k: iSpecial}, {cmd: cmdDM_LIST_VERSIONS, k: iSpecial}, {cmd: cmdDM_TARGET_MSG, k: iSpecial},
	{cmd: cmdDM_DEV_SET_GEOMETRY, k: iSpecial}, {cmd: cmdDM_DEV_ARM_POLL, k: iSpecial},
}

// Offsets in struct dm_ioctl.
const (
	dmDataSize, dmDataStart, dmTargets, dmOpen, dmFlags, dmEvent, dmDev, dmName, dmUuid, dmData = 12, 16, 20, 24, 28, 32, 40, 48, 176, 305

	dmNameLen, dmUuidLen = 128, 129
)

// What a command's struct dm_ioctl holds.
const (
	dmHasData  = 1 << iota // data_start counts
	dmNoDevice             // it is not about a device
	dmEventIn              // event_nr is read
	dmCounts               // counts are written
)

func dmUses(cmd uint32) int {
	switch cmd {
	case cmdDM_REMOVE_ALL:
		return dmNoDevice
	case cmdDM_LIST_DEVICES, cmdDM_LIST_VERSIONS:
		return dmHasData | dmNoDevice
	case cmdDM_DEV_REMOVE:
		return dmEventIn
	case cmdDM_DEV_SUSPEND:
		return dmEventIn | dmCounts
	case cmdDM_DEV_RENAME, cmdDM_DEV_WAIT:
		return dmHasData | dmEventIn | dmCounts
	case cmdDM_DEV_CREATE, cmdDM_DEV_STATUS, cmdDM_TABLE_CLEAR:
		return dmCounts
	case cmdDM_TABLE_LOAD, cmdDM_TABLE_DEPS, cmdDM_TABLE_STATUS, cmdDM_TARGET_MSG:
		return dmHasData | dmCounts
	case cmdDM_DEV_SET_GEOMETRY:
		return dmHasData
	}
	return 0
}

func (p *printer) dm(cmd uint32, v uint64) step {
	var size uint32
	if !p.cont {
		p.comma()
		if !readable(v, dmData) || !peek(unsafe.Pointer(&size), 4, v+dmDataSize) || size < dmDataSize {
			p.hex(v)
			return last
		}
		p.dmCall(cmd, v, false)
		if !p.exit {
			return wait
		}
	}
	if !p.failed() {
		p.Str(" => ")
		p.dmCall(cmd, v, true)
	}
	return last
}

// dmCall prints the structure and its data as they are when the call is
// made, or when it has returned.
func (p *printer) dmCall(cmd uint32, v uint64, done bool) {
	const major = 4 // DM_VERSION_MAJOR
	w := window{addr: v, end: dmData}
	p.Str("[{version=[")
	p.Uint(w.num(0, 4))
	p.comma()
	p.Uint(w.num(4, 4))
	p.comma()
	p.Uint(w.num(8, 4))
	p.Byte(']')
	size := w.num(dmDataSize, 4)
	switch {
	case w.num(0, 4) != major:
		p.Str(" /* unsupported device mapper ABI version */}]")
	case size < dmData:
		p.fieldUint("data_size", size)
		p.Str(" /* data_size too small */}]")
	default:
		p.fieldUint("data_size", size)
		start := w.num(dmDataStart, 4)
		targets := w.num(dmTargets, 4)
		p.dmFields(&w, cmd, done)
		p.Byte('}')
		p.dmPayload(cmd, dmArea{v, start, size}, targets, done)
		p.Byte(']')
	}
}

// dmFields prints what is behind data_size.
func (p *printer) dmFields(w *window, cmd uint32, done bool) {
	const suspend = 2 // DM_SUSPEND_FLAG
	uses := dmUses(cmd)
	if uses&dmHasData != 0 {
		p.fieldUint("data_start", w.num(dmDataStart, 4))
	}
	if uses&dmNoDevice == 0 {
		if dev := w.num(dmDev, 8); dev != 0 {
			p.field("dev")
			p.dev(dev)
		}
		if w.num(dmName, 1) != 0 {
			p.field("name")
			p.charArray(w, dmName, dmNameLen)
		}
		if w.num(dmUuid, 1) != 0 {
			p.field("uuid")
			p.charArray(w, dmUuid, dmUuidLen)
		}
	}
	counts := done && uses&dmCounts != 0
	flags := w.num(dmFlags, 4)
	if counts || cmd == cmdDM_TABLE_LOAD {
		p.fieldUint("target_count", w.num(dmTargets, 4))
	}
	if counts {
		p.fieldInt("open_count", signed(w.num(dmOpen, 4), 4))
	}
	if counts || !done && uses&dmEventIn != 0 && (cmd != cmdDM_DEV_SUSPEND || flags&suspend == 0) {
		p.fieldUint("event_nr", w.num(dmEvent, 4))
	}
	p.field("flags")
	p.flags(xDmFlag, flags)
}
