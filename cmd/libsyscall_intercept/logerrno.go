package main

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// errnoTexts are what the kernel's headers say of an errno (include/uapi/asm-generic/errno-base.h, errno.h), as the log does, where strerror(3) has it
// differently.
var errnoTexts = [...]string{
	unix.EIO:        "I/O error",
	unix.EBADF:      "Bad file number",
	unix.EAGAIN:     "Try again",
	unix.ENOMEM:     "Out of memory",
	unix.EXDEV:      "Cross-device link",
	unix.ENFILE:     "File table overflow",
	unix.ENOTTY:     "Not a typewriter",
	unix.EDOM:       "Math argument out of domain of func",
	unix.ERANGE:     "Math result not representable",
	unix.EDEADLK:    "Resource deadlock would occur",
	unix.ENOLCK:     "No record locks available",
	unix.ENOSYS:     "Invalid system call number",
	unix.ELOOP:      "Too many symbolic links encountered",
	unix.EBADMSG:    "Not a data message",
	unix.EILSEQ:     "Illegal byte sequence",
	unix.EOPNOTSUPP: "Operation not supported on transport endpoint",
	unix.ENETRESET:  "Network dropped connection because of reset",
	unix.EDQUOT:     "Quota exceeded",
	unix.ECANCELED:  "Operation Canceled",
}

// writeErrno writes the name of an errno and what it means.
func writeErrno(l *systrap.Line, errno int) {
	name, text := abi.ErrnoName(errno), abi.ErrnoText(errno)
	if errno < len(errnoTexts) && errnoTexts[errno] != "" {
		text = errnoTexts[errno]
	}
	if name == "" {
		l.Str("Unknown error")
		return
	}
	l.Str(name)
	l.Str(" (")
	l.Str(text)
	l.Byte(')')
}
