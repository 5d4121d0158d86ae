package ioctl_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/text"
)

func TestSgIO(t *testing.T) {
	do := func(result int64, arg uintptr) string {
		return decodetest.As(result, unix.SYS_IOCTL, 4, names.SG_IO, arg)
	}
	data, vec := uint64(decodetest.Mem([8]byte{1, 2, 'x', 'y', 'z'})), func(n uint64) uint64 {
		return uint64(decodetest.Mem([4]uint64{uint64(decodetest.Cstring("abcdef")), n, 0, 0}))
	}
	// struct sg_io_hdr: TEST UNIT READY with a sense buffer; a write of vectors; a read that came short.
	const toDev, fromDev, both = 0xfffffffe_00000053, 0xfffffffd_00000053, 0xfffffffc_00000053
	decodetest.WantLine(t, do(0, decodetest.Mem([11]uint64{0xffffffff_00000053, 2 | 8<<8, 0, data, data, 1 << 32, 0, 0, 2 | 3<<24, 0, 1})),
		`ioctl(4, SG_IO, {interface_id='S', dxfer_direction=SG_DXFER_NONE, cmd_len=2, cmdp="\x01\x02", mx_sb_len=8, iovec_count=0, dxfer_len=0, timeout=0, flags=SG_FLAG_DIRECT_IO, `+
			`status=0x2, masked_status=0, msg_status=0, sb_len_wr=3, sbp="\x01\x02\x78", host_status=0, driver_status=0, resid=0, duration=0, info=SG_INFO_CHECK}) = 0`)
	tail := func(rest string) string {
		return `, status=0, masked_status=0, msg_status=0, sb_len_wr=0, sbp=NULL, host_status=0, driver_status=0, resid=` + rest
	}
	head := func(dir, rest string) string {
		return `ioctl(4, SG_IO, {interface_id='S', dxfer_direction=SG_DXFER_` + dir + `, cmd_len=0, cmdp=NULL, mx_sb_len=0, iovec_count=` + rest
	}
	decodetest.WantLine(t, do(-9, decodetest.Mem([11]uint64{toDev, 3<<32 | 2<<16, vec(4)})),
		head("TO_DEV", `2, dxfer_len=3, timeout=0, flags=0, dxferp=[{iov_base="abc", iov_len=4}, {iov_base=NULL, iov_len=0}]`)+tail(`0, duration=0, info=0}) = -1 EBADF (Bad file descriptor)`))
	decodetest.WantLine(t, do(0, decodetest.Mem([11]uint64{fromDev, 5 << 32, data, 0, 0, 0, 0, 0, 0, 2})),
		head("FROM_DEV", `0, dxfer_len=5, timeout=0, flags=0, dxferp="\x01\x02\x78"`)+tail(`2, duration=0, info=0}) = 0`))
	decodetest.WantLine(t, do(0, decodetest.Mem([11]uint64{both, 5 << 32, data, 0, 0, 0, 0, 0, 0, 3})),
		head("TO_FROM_DEV", `0, dxfer_len=5, timeout=0, flags=0, dxferp="\x01\x02\x78\x79\x7a" => dxferp="\x01\x02"`)+tail(`3, duration=0, info=0}) = 0`))
	// struct sg_io_v4
	decodetest.WantLine(t, do(0, decodetest.Mem([20]uint64{'Q', 2<<32 | 1, data, 7, 0, 0, 0, 0, 3 << 32, data, data, 0x10 << 32, 0xfeed, 0, 0, 4 << 32, 0, 1 << 32, 1})),
		`ioctl(4, SG_IO, {guard='Q', protocol=BSG_PROTOCOL_SCSI, subprotocol=BSG_SUB_PROTOCOL_SCSI_TMF, request_len=2, request="\x01\x02", request_tag=0x7, request_attr=0, `+
			`request_priority=0, request_extra=0, max_response_len=0, dout_iovec_count=0, dout_xfer_len=0, din_iovec_count=0, din_xfer_len=3, dout_xferp="", timeout=0, flags=BSG_FLAG_Q_AT_TAIL, `+
			`usr_ptr=0xfeed, response_len=0, response=NULL, din_xferp="\x01\x02\x78", driver_status=0, transport_status=0, device_status=0, retry_delay=0, info=SG_INFO_MIXED_IO, `+
			`duration=0, response_len=0, din_resid=0, dout_resid=1, generated_tag=0x1}) = 0`)
	decodetest.WantLine(t, do(-9, decodetest.Mem(uint32(7))), `ioctl(4, SG_IO, [7])                    = -1 EBADF (Bad file descriptor)`)
	decodetest.WantLine(t, do(-9, 0xdeadbeef), `ioctl(4, SG_IO, 0xdeadbeef)             = -1 EBADF (Bad file descriptor)`)
	decodetest.WantLine(t, do(-9, decodetest.LastBytes(t, 'Q', 0, 0, 0)), `ioctl(4, SG_IO, {guard='Q', ‹hex›}) = -1 EBADF (Bad file descriptor)`)
	decodetest.InStyle(text.StyleRaw, func() {
		decodetest.WantLine(t, do(-9, decodetest.Mem(uint32(7))), `ioctl(4, 0x2285, [7])                   = -1 EBADF (Bad file descriptor)`)
	})
}
