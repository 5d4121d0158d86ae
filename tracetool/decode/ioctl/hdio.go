package ioctl

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// Disks (linux/hdreg.h).

var ioctlHdio = []IoctlArg{
	{cmd: names.HDIO_GETGEO, k: IStruct | Out, S: []text.Field{{Name: "heads", Kind: text.U8}, {Name: "sectors", Kind: text.U8}, {Name: "cylinders", Kind: text.U16}, {Kind: text.At, Arg: 8}, {Name: "start", Kind: text.U64}}},
	{cmd: names.HDIO_DRIVE_CMD, k: ISpecial},
	{cmd: names.HDIO_DRIVE_RESET, k: iArrX32, X: 3}, {cmd: names.HDIO_SCAN_HWIF, k: iArrX32, X: 3}, {cmd: names.HDIO_UNREGISTER_HWIF, k: iUint},
	{cmd: names.HDIO_GET_32BIT, k: iU64At | Out}, {cmd: names.HDIO_GET_ACOUSTIC, k: iU64At | Out}, {cmd: names.HDIO_GET_ADDRESS, k: iU64At | Out},
	{cmd: names.HDIO_GET_DMA, k: iU64At | Out}, {cmd: names.HDIO_GET_KEEPSETTINGS, k: iU64At | Out}, {cmd: names.HDIO_GET_MULTCOUNT, k: iU64At | Out},
	{cmd: names.HDIO_GET_NOWERR, k: iU64At | Out}, {cmd: names.HDIO_GET_UNMASKINTR, k: iU64At | Out}, {cmd: names.HDIO_GET_WCACHE, k: iU64At | Out},
	{cmd: names.HDIO_GET_BUSSTATE, k: iVal64At | Out, X: names.Busstate}, {cmd: names.HDIO_GET_NICE, k: iFlag64At | Out, X: names.IdeNice},
	{cmd: names.HDIO_GET_IDENTITY, k: iBufArg | Out, X: 512}, {cmd: names.HDIO_OBSOLETE_IDENTITY, k: iBufArg | Out, X: 142},
	{cmd: names.HDIO_SET_32BIT, k: iUint}, {cmd: names.HDIO_SET_ACOUSTIC, k: iUint}, {cmd: names.HDIO_SET_ADDRESS, k: iUint}, {cmd: names.HDIO_SET_DMA, k: iUint},
	{cmd: names.HDIO_SET_KEEPSETTINGS, k: iUint}, {cmd: names.HDIO_SET_MULTCOUNT, k: iUint}, {cmd: names.HDIO_SET_NOWERR, k: iUint},
	{cmd: names.HDIO_SET_PIO_MODE, k: iUint}, {cmd: names.HDIO_SET_UNMASKINTR, k: iUint}, {cmd: names.HDIO_SET_WCACHE, k: iUint},
	{cmd: names.HDIO_SET_BUSSTATE, k: iValArg, X: names.Busstate}, {cmd: names.HDIO_SET_NICE, k: iFlag64Arg, X: names.IdeNice},
}
