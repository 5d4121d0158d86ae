package ioctl

// The device mapper (linux/dm-ioctl.h): each command takes a struct dm_ioctl,
// with data of its own at the offset that data_start gives.

import (
	"unsafe"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

var ioctlDm = []Arg{
	{cmd: names.DM_VERSION, k: Special}, {cmd: names.DM_REMOVE_ALL, k: Special}, {cmd: names.DM_LIST_DEVICES, k: Special}, {cmd: names.DM_DEV_CREATE, k: Special},
	{cmd: names.DM_DEV_REMOVE, k: Special}, {cmd: names.DM_DEV_RENAME, k: Special}, {cmd: names.DM_DEV_SUSPEND, k: Special}, {cmd: names.DM_DEV_STATUS, k: Special},
	{cmd: names.DM_DEV_WAIT, k: Special}, {cmd: names.DM_TABLE_LOAD, k: Special}, {cmd: names.DM_TABLE_CLEAR, k: Special}, {cmd: names.DM_TABLE_DEPS, k: Special},
	{cmd: names.DM_TABLE_STATUS, k: Special}, {cmd: names.DM_LIST_VERSIONS, k: Special}, {cmd: names.DM_TARGET_MSG, k: Special},
	{cmd: names.DM_DEV_SET_GEOMETRY, k: Special}, {cmd: names.DM_DEV_ARM_POLL, k: Special},
}

// Offsets in struct dm_ioctl.
const (
	dmDataSize, dmDataStart, dmTargets, dmOpen, dmFlags, dmEvent, DmDev, DmName, dmUuid, DmData = 12, 16, 20, 24, 28, 32, 40, 48, 176, 305

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
	case names.DM_REMOVE_ALL:
		return dmNoDevice
	case names.DM_LIST_DEVICES, names.DM_LIST_VERSIONS:
		return dmHasData | dmNoDevice
	case names.DM_DEV_REMOVE:
		return dmEventIn
	case names.DM_DEV_SUSPEND:
		return dmEventIn | dmCounts
	case names.DM_DEV_RENAME, names.DM_DEV_WAIT:
		return dmHasData | dmEventIn | dmCounts
	case names.DM_DEV_CREATE, names.DM_DEV_STATUS, names.DM_TABLE_CLEAR:
		return dmCounts
	case names.DM_TABLE_LOAD, names.DM_TABLE_DEPS, names.DM_TABLE_STATUS, names.DM_TARGET_MSG:
		return dmHasData | dmCounts
	case names.DM_DEV_SET_GEOMETRY:
		return dmHasData
	}
	return 0
}

func dm(p *text.Printer, cmd uint32, v uint64) text.Step {
	var size uint32
	if !p.Cont {
		p.Comma()
		if !text.Readable(v, DmData) || !text.Peek(unsafe.Pointer(&size), 4, v+dmDataSize) || size < dmDataSize {
			p.AltHex(v)
			return text.Last
		}
		dmCall(p, cmd, v, false)
		if !p.Exit {
			return text.Wait
		}
	}
	if !p.Failed() {
		p.Str(" => ")
		dmCall(p, cmd, v, true)
	}
	return text.Last
}

// dmCall prints the structure and its data as they are when the call is
// made, or when it has returned.
func dmCall(p *text.Printer, cmd uint32, v uint64, done bool) {
	const major = 4 // DM_VERSION_MAJOR
	w := text.Window{Addr: v, End: DmData}
	p.Str("[{version=[")
	p.Uint(w.Num(0, 4))
	p.Comma()
	p.Uint(w.Num(4, 4))
	p.Comma()
	p.Uint(w.Num(8, 4))
	p.Byte(']')
	size := w.Num(dmDataSize, 4)
	switch {
	case w.Num(0, 4) != major:
		p.Str(" /* unsupported device mapper ABI version */}]")
	case size < DmData:
		p.FieldUint("data_size", size)
		p.Str(" /* data_size too small */}]")
	default:
		p.FieldUint("data_size", size)
		start := w.Num(dmDataStart, 4)
		targets := w.Num(dmTargets, 4)
		dmFields(p, &w, cmd, done)
		p.Byte('}')
		dmPayload(p, cmd, dmArea{v, start, size}, targets, done)
		p.Byte(']')
	}
}

// dmFields prints what is behind data_size.
func dmFields(p *text.Printer, w *text.Window, cmd uint32, done bool) {
	const suspend = 2 // DM_SUSPEND_FLAG
	uses := dmUses(cmd)
	if uses&dmHasData != 0 {
		p.FieldUint("data_start", w.Num(dmDataStart, 4))
	}
	if uses&dmNoDevice == 0 {
		if dev := w.Num(DmDev, 8); dev != 0 {
			p.Field("dev")
			p.Dev(dev)
		}
		if w.Num(DmName, 1) != 0 {
			p.Field("name")
			p.CharArray(w, DmName, dmNameLen)
		}
		if w.Num(dmUuid, 1) != 0 {
			p.Field("uuid")
			p.CharArray(w, dmUuid, dmUuidLen)
		}
	}
	counts := done && uses&dmCounts != 0
	flags := w.Num(dmFlags, 4)
	if counts || cmd == names.DM_TABLE_LOAD {
		p.FieldUint("target_count", w.Num(dmTargets, 4))
	}
	if counts {
		p.FieldInt("open_count", text.SignExtend(w.Num(dmOpen, 4), 4))
	}
	if counts || !done && uses&dmEventIn != 0 && (cmd != names.DM_DEV_SUSPEND || flags&suspend == 0) {
		p.FieldUint("event_nr", w.Num(dmEvent, 4))
	}
	p.Field("flags")
	p.Flags(names.DmFlag, flags)
}
