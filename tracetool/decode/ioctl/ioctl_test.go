package ioctl_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/decodetest"
)

func TestIoctlKinds(t *testing.T) {
	do := func(result int64, cmd, arg uintptr) string { return decodetest.As(result, unix.SYS_IOCTL, 4, cmd, arg) }
	rtc := decodetest.Mem([9]int32{1, 2, 3, 4, 5, 100})
	for _, c := range []struct {
		result   int64
		cmd, arg uintptr
		want     string
	}{
		{0, unix.TIOCINQ, decodetest.Mem(int32(5)), `ioctl(4, FIONREAD, [5])                 = 0`},
		{0, unix.TIOCGWINSZ, decodetest.Mem([4]uint16{24, 80}), `ioctl(4, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0`},
		{-25, unix.TCGETS, 0x1234567890, `ioctl(4, TCGETS, 0x1234567890)          = -1 ENOTTY (Inappropriate ioctl for device)`},
		{0, unix.BLKGETSIZE64, decodetest.Mem(uint64(1 << 40)), `ioctl(4, BLKGETSIZE64, [1099511627776]) = 0`},
		{0, unix.RTC_RD_TIME, rtc, `ioctl(4, RTC_RD_TIME, {tm_sec=1, tm_min=2, tm_hour=3, tm_mday=4, tm_mon=5, tm_year=100, ...}) = 0`},
		{-9, 0x5a41, 1, `ioctl(4, ZFS_IOC_SEND_SPACE, 0x1)       = -1 EBADF (Bad file descriptor)`},
		{-9, 0x8100127d, 1, `ioctl(4, BLKZNAME, 0x1)                 = -1 EBADF (Bad file descriptor)`},
		{-9, 0x5a56, 1, `ioctl(4, ZFS_IOC_VDEV_SET_PROPS, 0x1)   = -1 EBADF (Bad file descriptor)`},
		{-9, 0xc0406400, 1, `ioctl(4, DRM_IOCTL_VERSION, 0x1)        = -1 EBADF (Bad file descriptor)`},
		{-9, 0x40104d00, 1, `ioctl(4, MIXER_WRITE(0) or MTRRIOC_ADD_ENTRY, 0x1) = -1 EBADF (Bad file descriptor)`},
		{-9, 0x3b71, 1, `ioctl(4, VFIO_DEVICE_PCI_HOT_RESET or VFIO_IOMMU_MAP_DMA, 0x1) = -1 EBADF (Bad file descriptor)`},
		{-9, 0x4010aeab, 1, `ioctl(4, KVM_GET_ONE_REG, 0x1)          = -1 EBADF (Bad file descriptor)`},
		{-9, 0, 1, `ioctl(4, _IOC(_IOC_NONE, 0, 0, 0), 0x1) = -1 EBADF (Bad file descriptor)`},
		{-9, 0x4b01, 1, `ioctl(4, KSTAT_IOC_CHAIN_ID, 0x1)       = -1 EBADF (Bad file descriptor)`},
		{-9, 0xc050561a, 0, `ioctl(4, VIDIOC_ENUMINPUT, NULL)        = -1 EBADF (Bad file descriptor)`},
		{0, unix.LOOP_SET_FD, 7, `ioctl(4, LOOP_SET_FD, 7)                = 0`},
		{0, unix.SIOCGIFMTU, decodetest.Mem([5]uint64{0x30687465, 0, 1500}), `ioctl(4, SIOCGIFMTU, {ifr_name="eth0", ifr_mtu=1500}) = 0`},
		{0, unix.PERF_EVENT_IOC_ENABLE, 0, `ioctl(4, PERF_EVENT_IOC_ENABLE, 0)      = 0`},
		{-9, 0, 0, `ioctl(4, _IOC(_IOC_NONE, 0, 0, 0), 0)   = -1 EBADF (Bad file descriptor)`},                           // was TCSANOW
		{-9, 0x10000, 0, `ioctl(4, _IOC(_IOC_NONE, 0, 0, 0x1), 0) = -1 EBADF (Bad file descriptor)`},                     // was SG_FLAG_NO_DXFER
		{-9, 0xae06, 0, `ioctl(4, _IOC(_IOC_NONE, 0xae, 0x6, 0), 0) = -1 EBADF (Bad file descriptor)`},                   // was another machine's
		{-9, 0x4010aeab, 0, `ioctl(4, KVM_GET_ONE_REG, 0)            = -1 EBADF (Bad file descriptor)`},                  // likewise
		{-9, 0x3b71, 0, `ioctl(4, VFIO_DEVICE_PCI_HOT_RESET or VFIO_IOMMU_MAP_DMA, 0) = -1 EBADF (Bad file descriptor)`}, // one header
		{0, 0xdeadbeef, 1, `ioctl(4, _IOC(_IOC_READ|_IOC_WRITE, 0xbe, 0xef, 0x1ead), 0x1) = 0`},
		{0, unix.TCGETS, decodetest.Mem([9]uint32{0, 0, 0x1000, 0, 29}), `ioctl(4, TCGETS, {c_iflag=, c_oflag=NL0|CR0|TAB0|BS0|VT0|FF0|, c_cflag=BOTHER|CS5|, c_lflag=, ...}) = 0`},
		{0, unix.LOOP_SET_STATUS, decodetest.Mem([21]uint64{5: 2 << 32}), `ioctl(4, LOOP_SET_STATUS, {lo_number=0, lo_offset=0, lo_flags=LO_FLAGS_USE_AOPS, lo_name="", ...}) = 0`},
		{0, unix.FIDEDUPERANGE, decodetest.Mem([3]uint64{1, 2, 0}), `ioctl(4, BTRFS_IOC_FILE_EXTENT_SAME or FIDEDUPERANGE, {src_offset=1, src_length=2, dest_count=0, info=[]}) = 0`},
		{0, unix.FIDEDUPERANGE, decodetest.Mem([11]uint64{2: 8000, 3: 5, 7: 6}), `ioctl(4, BTRFS_IOC_FILE_EXTENT_SAME or FIDEDUPERANGE, {src_offset=0, src_length=0, dest_count=8000, ` +
			`info=[{dest_fd=5, dest_offset=0}, {dest_fd=6, dest_offset=0}, ...]} => {info=[{bytes_deduped=0, status=0}, {bytes_deduped=0, status=0}, ...]}) = 0`},
		{0, names.MEMREADOOB64, decodetest.Mem([3]uint64{1}), `ioctl(4, MEMREADOOB64, {start=0x1, length=0, usr_ptr=NULL}) = 0`},
		{-9, names.UBI_IOCRNVOL, decodetest.Minus1, `ioctl(4, UBI_IOCRNVOL, 0xffffffffffffffff) = -1 EBADF (Bad file descriptor)`},
		{0, names.SG_GET_ACCESS_COUNT, decodetest.Mem(int32(3)), `ioctl(4, SG_GET_ACCESS_COUNT, [3])      = 0`},
		{0, names.PTP_SYS_OFFSET_PRECISE, decodetest.Mem([8]uint64{67767976233532800, 1, 67767976233532800, 0, 67768036191676800, 1}), `ioctl(4, PTP_SYS_OFFSET_PRECISE, {` +
			`device={sec=67767976233532800, nsec=1} /* -2147483648-01-01T00:00:00.000000001+0000 */, ` +
			`sys_realtime={sec=67767976233532800, nsec=0} /* -2147483648-01-01T00:00:00+0000 */, sys_monoraw={sec=67768036191676800, nsec=1}}) = 0`},
		{0, 0x80084502, decodetest.Mem([4]uint16{3, 1, 2, 3}), `ioctl(4, EVIOCGID, {bustype=3, vendor=1, product=2, version=3}) = 0`},
	} {
		decodetest.WantLine(t, do(c.result, c.cmd, c.arg), c.want)
	}
}

func TestUserfaultfd(t *testing.T) {
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_IOCTL, 4, 0xc018aa3f, decodetest.Mem([3]uint64{0xaa, 0, 3})), `ioctl(4, UFFDIO_API, {api=0xaa, features=0, ioctls=1<<_UFFDIO_REGISTER|1<<_UFFDIO_UNREGISTER}) = 0`)
	decodetest.WantLine(t, decodetest.As(-22, unix.SYS_IOCTL, 4, 0xc020aa00, decodetest.Mem([4]uint64{0x1000, 0x2000, 1, 8})),
		`ioctl(4, UFFDIO_REGISTER, {range={start=0x1000, len=0x2000}, mode=UFFDIO_REGISTER_MODE_MISSING}) = -1 EINVAL (Invalid argument)`)
}

// What the kernel writes begins with the comma before it: a line that is cut
// at "<unfinished ...>" ends with the command.
func TestIoctlUnfinished(t *testing.T) {
	for _, c := range []struct {
		cmd  uint64
		in   string
		done string
	}{
		{unix.TIOCINQ, `ioctl(4, FIONREAD`, `ioctl(4, FIONREAD, [5])                 = 0`},
		{names.VIDIOC_G_INPUT, `ioctl(4, VIDIOC_G_INPUT`, `ioctl(4, VIDIOC_G_INPUT, [5])           = 0`},
		{names.HDIO_GET_MULTCOUNT, `ioctl(4, HDIO_GET_MULTCOUNT, `, `ioctl(4, HDIO_GET_MULTCOUNT, [5])       = 0`},
	} {
		in, p := decodetest.Entered(&systrap.Call{Sysno: unix.SYS_IOCTL, Args: [6]uint64{4, c.cmd, uint64(decodetest.Mem(uint64(5)))}})
		if in != c.in {
			t.Errorf("unfinished: %q, want %q", in, c.in)
		}
		decodetest.WantLine(t, decodetest.End(in, p), c.done)
	}
}
