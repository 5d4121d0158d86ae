package tracetool

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestIoctlKinds(t *testing.T) {
	do := func(result int64, cmd, arg uintptr) string { return as(result, unix.SYS_IOCTL, 4, cmd, arg) }
	rtc := mem([9]int32{1, 2, 3, 4, 5, 100})
	for _, c := range []struct {
		result   int64
		cmd, arg uintptr
		want     string
	}{
		{0, unix.TIOCINQ, mem(int32(5)), `ioctl(4, FIONREAD, [5])                 = 0`},
		{0, unix.TIOCGWINSZ, mem([4]uint16{24, 80}), `ioctl(4, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0`},
		{-25, unix.TCGETS, 0x1234567890, `ioctl(4, TCGETS, 0x1234567890)          = -1 ENOTTY (Inappropriate ioctl for device)`},
		{0, unix.BLKGETSIZE64, mem(uint64(1 << 40)), `ioctl(4, BLKGETSIZE64, [1099511627776]) = 0`},
		{0, unix.RTC_RD_TIME, rtc, `ioctl(4, RTC_RD_TIME, {tm_sec=1, tm_min=2, tm_hour=3, tm_mday=4, tm_mon=5, tm_year=100, ...}) = 0`},
		{-9, 0x5a41, 1, `ioctl(4, ZFS_IOC_SEND_SPACE, 0x1)       = -1 EBADF (Bad file descriptor)`},
		{-9, 0x8100127d, 1, `ioctl(4, BLKZNAME, 0x1)                 = -1 EBADF (Bad file descriptor)`},
		{-9, 0x4b01, 1, `ioctl(4, KSTAT_IOC_CHAIN_ID, 0x1)       = -1 EBADF (Bad file descriptor)`},
		{-9, 0xc050561a, 0, `ioctl(4, VIDIOC_ENUMINPUT, NULL)        = -1 EBADF (Bad file descriptor)`},
		{0, unix.LOOP_SET_FD, 7, `ioctl(4, LOOP_SET_FD, 7)                = 0`},
		{0, unix.SIOCGIFMTU, mem([5]uint64{0x30687465, 0, 1500}), `ioctl(4, SIOCGIFMTU, {ifr_name="eth0", ifr_mtu=1500}) = 0`},
		{0, unix.PERF_EVENT_IOC_ENABLE, 0, `ioctl(4, PERF_EVENT_IOC_ENABLE, 0)      = 0`},
		{-9, 0, 0, `ioctl(4, _IOC(_IOC_NONE, 0, 0, 0), 0)   = -1 EBADF (Bad file descriptor)`},                           // was TCSANOW
		{-9, 0x10000, 0, `ioctl(4, _IOC(_IOC_NONE, 0, 0, 0x1), 0) = -1 EBADF (Bad file descriptor)`},                     // was SG_FLAG_NO_DXFER
		{-9, 0xae06, 0, `ioctl(4, _IOC(_IOC_NONE, 0xae, 0x6, 0), 0) = -1 EBADF (Bad file descriptor)`},                   // was another machine's
		{-9, 0x4010aeab, 0, `ioctl(4, KVM_GET_ONE_REG, 0)            = -1 EBADF (Bad file descriptor)`},                  // likewise
		{-9, 0x3b71, 0, `ioctl(4, VFIO_DEVICE_PCI_HOT_RESET or VFIO_IOMMU_MAP_DMA, 0) = -1 EBADF (Bad file descriptor)`}, // one header
		{0, 0xdeadbeef, 1, `ioctl(4, _IOC(_IOC_READ|_IOC_WRITE, 0xbe, 0xef, 0x1ead), 0x1) = 0`},
		{0, 0x80084502, mem([4]uint16{3, 1, 2, 3}), `ioctl(4, EVIOCGID, {bustype=3, vendor=1, product=2, version=3}) = 0`},
	} {
		wantLine(t, do(c.result, c.cmd, c.arg), c.want)
	}
}

func TestUserfaultfd(t *testing.T) {
	wantLine(t, as(0, unix.SYS_IOCTL, 4, 0xc018aa3f, mem([3]uint64{0xaa, 0, 3})), `ioctl(4, UFFDIO_API, {api=0xaa, features=0, ioctls=1<<_UFFDIO_REGISTER|1<<_UFFDIO_UNREGISTER}) = 0`)
	wantLine(t, as(-22, unix.SYS_IOCTL, 4, 0xc020aa00, mem([4]uint64{0x1000, 0x2000, 1, 8})),
		`ioctl(4, UFFDIO_REGISTER, {range={start=0x1000, len=0x2000}, mode=UFFDIO_REGISTER_MODE_MISSING}) = -1 EINVAL (Invalid argument)`)
}
