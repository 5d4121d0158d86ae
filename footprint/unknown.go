package footprint

import "golang.org/x/sys/unix"

// Unknown returns why the footprint of call nr is not known, or not all of it, and "" where it is. Of
// a number without a call nothing is known, and nothing is touched: the kernel returns ENOSYS.
func Unknown(nr int64) (why string) {
	for i := range unknown {
		if unknown[i].nr == nr {
			return unknown[i].why
		}
	}
	return ""
}

// unknown only shrinks.
var unknown = [...]struct {
	nr  int64
	why string
}{
	{unix.SYS_IO_URING_ENTER, "what the requests in the rings point to: no call says where the rings are, and the kernel need not be in one"},
	{unix.SYS_IOCTL, "commands that are in no table, and whose number tells neither direction nor size"},
	{unix.SYS_RESTART_SYSCALL, "which call it goes on with is not known here: it touches what that one's Before said"},
	{unix.SYS_UPROBE, "the stack of a probed function, as the kernel's trampoline lays it out (arch/x86/kernel/uprobes.c)"},
	{unix.SYS_URETPROBE, "likewise, of a probed function's return"},
}
