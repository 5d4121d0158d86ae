package ioctl

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Disks (linux/hdreg.h).

var ioctlHdio = []Arg{
	{cmd: names.HDIO_GETGEO, k: Struct | Out, S: []text.Field{{Name: "heads", Kind: text.U8}, {Name: "sectors", Kind: text.U8}, {Name: "cylinders", Kind: text.U16}, {Kind: text.At, Arg: 8}, {Name: "start", Kind: text.U64}}},
	{cmd: names.HDIO_DRIVE_CMD, k: Special},
	{cmd: names.HDIO_DRIVE_RESET, k: ArrX32, X: 3}, {cmd: names.HDIO_SCAN_HWIF, k: ArrX32, X: 3}, {cmd: names.HDIO_UNREGISTER_HWIF, k: Uint},
	{cmd: names.HDIO_GET_32BIT, k: U64At | Out}, {cmd: names.HDIO_GET_ACOUSTIC, k: U64At | Out}, {cmd: names.HDIO_GET_ADDRESS, k: U64At | Out},
	{cmd: names.HDIO_GET_DMA, k: U64At | Out}, {cmd: names.HDIO_GET_KEEPSETTINGS, k: U64At | Out}, {cmd: names.HDIO_GET_MULTCOUNT, k: U64At | Out},
	{cmd: names.HDIO_GET_NOWERR, k: U64At | Out}, {cmd: names.HDIO_GET_UNMASKINTR, k: U64At | Out}, {cmd: names.HDIO_GET_WCACHE, k: U64At | Out},
	{cmd: names.HDIO_GET_BUSSTATE, k: Val64At | Out, X: names.Busstate}, {cmd: names.HDIO_GET_NICE, k: Flag64At | Out, X: names.IdeNice},
	{cmd: names.HDIO_GET_IDENTITY, k: BufArg | Out, X: 512}, {cmd: names.HDIO_OBSOLETE_IDENTITY, k: BufArg | Out, X: 142},
	{cmd: names.HDIO_SET_32BIT, k: Uint}, {cmd: names.HDIO_SET_ACOUSTIC, k: Uint}, {cmd: names.HDIO_SET_ADDRESS, k: Uint}, {cmd: names.HDIO_SET_DMA, k: Uint},
	{cmd: names.HDIO_SET_KEEPSETTINGS, k: Uint}, {cmd: names.HDIO_SET_MULTCOUNT, k: Uint}, {cmd: names.HDIO_SET_NOWERR, k: Uint},
	{cmd: names.HDIO_SET_PIO_MODE, k: Uint}, {cmd: names.HDIO_SET_UNMASKINTR, k: Uint}, {cmd: names.HDIO_SET_WCACHE, k: Uint},
	{cmd: names.HDIO_SET_BUSSTATE, k: ValArg, X: names.Busstate}, {cmd: names.HDIO_SET_NICE, k: Flag64Arg, X: names.IdeNice},
}
