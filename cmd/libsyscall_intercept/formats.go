package main

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
)

// How the arguments of a call are written, a letter for each:
//
//	x hexadecimal     p a pointer, of 16 digits, or (null)   d int     n long
//	s a string        b bytes that the call reads, whose number is in the next argument
//	o a buffer that the call has filled with as many bytes as it returns
//	a a folder's descriptor or AT_FDCWD                      m octal, a mode
//	O flags of open   M its mode, where the flags ask for one
//	A of access       W of lseek     C of clone     P the two descriptors of pipe
//	F a command of fcntl             L what comes with it, which may be a lock
//
// See docs/decisions/logs-as-others-write-them.md.
//
// formats has what cannot be told from the kind of the arguments (letterOf). It follows the log that others read, where some calls have one
// argument less or more than the kernel looks at, and some have no name ("?").
var formats = [...]string{
	unix.SYS_READ: "don", unix.SYS_WRITE: "dbn", unix.SYS_PREAD64: "donn", unix.SYS_PWRITE64: "dbnn",
	unix.SYS_READV: "dpn", unix.SYS_WRITEV: "dpn",
	unix.SYS_OPEN: "sOM", unix.SYS_OPENAT: "asOM", unix.SYS_OPEN_BY_HANDLE_AT: "dpn",
	unix.SYS_STAT: "sp", unix.SYS_LSTAT: "sp", unix.SYS_FSTAT: "dp",
	unix.SYS_POLL: "pxx", unix.SYS_PPOLL: "pxxxx", unix.SYS_SELECT: "dpppp",
	unix.SYS_LSEEK: "dnW", unix.SYS_IOCTL: "dxp", unix.SYS_FCNTL: "dFL",
	unix.SYS_ACCESS: "sA", unix.SYS_FACCESSAT: "asm", unix.SYS_PIPE: "P", unix.SYS_PIPE2: "Pn",
	unix.SYS_READLINK: "son", unix.SYS_READLINKAT: "ason", unix.SYS_MKNOD: "sxx", unix.SYS_MKNODAT: "asmx", unix.SYS_READAHEAD: "dnn",
	unix.SYS_SETXATTR: "ssbnx", unix.SYS_LSETXATTR: "ssbnx", unix.SYS_FSETXATTR: "dsbnx",
	unix.SYS_GETXATTR: "ssnx", unix.SYS_LGETXATTR: "ssnx", unix.SYS_FGETXATTR: "dsnx",
	unix.SYS_LISTXATTR: "spn", unix.SYS_LLISTXATTR: "spn", unix.SYS_FLISTXATTR: "dpn",

	unix.SYS_MMAP: "pxxxdx", unix.SYS_MPROTECT: "pxx", unix.SYS_MUNMAP: "px", unix.SYS_BRK: "n", unix.SYS_MREMAP: "pnnnx",
	unix.SYS_MSYNC: "pnn", unix.SYS_MINCORE: "pnp", unix.SYS_MADVISE: "pnn", unix.SYS_MBIND: "xxxxx",

	unix.SYS_RT_SIGACTION: "dppn", unix.SYS_RT_SIGPROCMASK: "xppn", unix.SYS_RT_SIGPENDING: "x",
	unix.SYS_SIGNALFD4: "dxxxx", unix.SYS_ACCEPT4: "dxxxx", unix.SYS_SENDTO: "dxxx",

	unix.SYS_CLONE: "Cpppx", unix.SYS_EXECVE: "spp", unix.SYS_EXIT: "d", unix.SYS_EXIT_GROUP: "d",
	unix.SYS_WAIT4: "dxxx", unix.SYS_WAITID: "xxxx", unix.SYS_SETPGID: "-", unix.SYS_GETPPID: "?",
	unix.SYS_SYSINFO: "xx", unix.SYS_ARCH_PRCTL: "xxx", unix.SYS_SEMCTL: "xxxxxx",
	unix.SYS_PIVOT_ROOT: "sx", unix.SYS_SYSLOG: "xxx", unix.SYS_ADD_KEY: "xxxxx", unix.SYS_REQUEST_KEY: "xxxx",
	unix.SYS_MQ_OPEN: "sxxxx", unix.SYS_MQ_UNLINK: "s", unix.SYS_MQ_TIMEDSEND: "xxxxx", unix.SYS_MQ_TIMEDRECEIVE: "xxxxx", unix.SYS_MQ_NOTIFY: "xx", unix.SYS_MQ_GETSETATTR: "xxx",
	unix.SYS_INIT_MODULE: "?", unix.SYS_FINIT_MODULE: "dxx", unix.SYS_DELETE_MODULE: "?", unix.SYS_QUOTACTL: "?", unix.SYS_KEXEC_FILE_LOAD: "xxxxx",
	unix.SYS_PERF_EVENT_OPEN: "xxxxx", unix.SYS_FANOTIFY_INIT: "xx", unix.SYS_FANOTIFY_MARK: "xxxxx",
}

// formatOf returns the letters of call nr, "" if they follow from the kinds, and whether the call has a name in the log.
func formatOf(nr int64) (letters string, named bool) {
	if _, known := abi.Lookup(nr); !known {
		return "", false
	}
	if nr < int64(len(formats)) {
		letters = formats[nr]
	}
	if letters == "?" {
		return "", false
	}
	return letters, true
}

// letterOf returns the letter of argument i, or 0 behind the last.
func letterOf(letters string, call *abi.Call, i int) byte {
	if letters != "" {
		if i < len(letters) && letters[0] != '-' {
			return letters[i]
		}
		return 0
	}
	if i >= call.Count() {
		return 0
	}
	switch call.Args[i] {
	case abi.Fd, abi.Getfd:
		return 'd'
	case abi.DirFd:
		return 'a'
	case abi.Path, abi.Str:
		return 's'
	case abi.Mode:
		return 'm'
	}
	return 'x'
}
