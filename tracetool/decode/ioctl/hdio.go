package tracetool

// Disks (linux/hdreg.h).

var ioctlHdio = []ioctlArg{
	{cmd: cmdHDIO_GETGEO, k: iStruct | out, s: []field{{"heads", fU8, 0}, {"sectors", fU8, 0}, {"cylinders", fU16, 0}, {"", fAt, 8}, {"start", fU64, 0}}},
	{cmd: cmdHDIO_DRIVE_CMD, k: iSpecial},
	{cmd: cmdHDIO_DRIVE_RESET, k: iArrX32, x: 3}, {cmd: cmdHDIO_SCAN_HWIF, k: iArrX32, x: 3}, {cmd: cmdHDIO_UNREGISTER_HWIF, k: iUint},
	{cmd: cmdHDIO_GET_32BIT, k: iU64At | out}, {cmd: cmdHDIO_GET_ACOUSTIC, k: iU64At | out}, {cmd: cmdHDIO_GET_ADDRESS, k: iU64At | out},
	{cmd: cmdHDIO_GET_DMA, k: iU64At | out}, {cmd: cmdHDIO_GET_KEEPSETTINGS, k: iU64At | out}, {cmd: cmdHDIO_GET_MULTCOUNT, k: iU64At | out},
	{cmd: cmdHDIO_GET_NOWERR, k: iU64At | out}, {cmd: cmdHDIO_GET_UNMASKINTR, k: iU64At | out}, {cmd: cmdHDIO_GET_WCACHE, k: iU64At | out},
	{cmd: cmdHDIO_GET_BUSSTATE, k: iVal64At | out, x: xBusstate}, {cmd: cmdHDIO_GET_NICE, k: iFlag64At | out, x: xIdeNice},
	{cmd: cmdHDIO_GET_IDENTITY, k: iBufArg | out, x: 512}, {cmd: cmdHDIO_OBSOLETE_IDENTITY, k: iBufArg | out, x: 142},
	{cmd: cmdHDIO_SET_32BIT, k: iUint}, {cmd: cmdHDIO_SET_ACOUSTIC, k: iUint}, {cmd: cmdHDIO_SET_ADDRESS, k: iUint}, {cmd: cmdHDIO_SET_DMA, k: iUint},
	{cmd: cmdHDIO_SET_KEEPSETTINGS, k: iUint}, {cmd: cmdHDIO_SET_MULTCOUNT, k: iUint}, {cmd: cmdHDIO_SET_NOWERR, k: iUint},
	{cmd: cmdHDIO_SET_PIO_MODE, k: iUint}, {cmd: cmdHDIO_SET_UNMASKINTR, k: iUint}, {cmd: cmdHDIO_SET_WCACHE, k: iUint},
	{cmd: cmdHDIO_SET_BUSSTATE, k: iValArg, x: xBusstate}, {cmd: cmdHDIO_SET_NICE, k: iFlag64Arg, x: xIdeNice},
}
