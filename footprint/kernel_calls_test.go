package footprint

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// at is AT_FDCWD.
const at = 1<<64 - 100

func args(a ...uint64) (r [6]uint64) {
	copy(r[:], a)
	return r
}

// kernelCalls are the calls that TestKernel makes: none waits, and none changes what another one finds.
func kernelCalls(t *testing.T) []kernelCall {
	dir := t.TempDir()
	file := filepath.Join(dir, "f")
	link := filepath.Join(dir, "l")
	if err := os.WriteFile(file, []byte("0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("target", link); err != nil {
		t.Fatal(err)
	}
	garbage := filepath.Join(dir, "g")
	if err := os.WriteFile(garbage, []byte("no program"), 0o700); err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(dir, "none", "none")
	path := func(p *place, s string) uint64 { return p.in("path", text(s)) }
	var calls []kernelCall
	add := func(nr int, name string, fails unix.Errno, f func(p *place) [6]uint64) {
		calls = append(calls, kernelCall{nr, name, f, fails})
	}

	// Calls with a path first, or second, that fails when it is looked up.
	for _, nr := range []int{unix.SYS_ACCESS, unix.SYS_CHDIR, unix.SYS_RMDIR, unix.SYS_UNLINK, unix.SYS_CHMOD, unix.SYS_CHOWN, unix.SYS_LCHOWN,
		unix.SYS_MKDIR, unix.SYS_MKNOD, unix.SYS_CREAT, unix.SYS_OPEN, unix.SYS_TRUNCATE, unix.SYS_SWAPOFF, unix.SYS_SWAPON, unix.SYS_UMOUNT2, unix.SYS_CHROOT} {
		add(nr, "", unix.ENOENT, func(p *place) [6]uint64 { return args(path(p, none)) })
	}
	for _, nr := range []int{unix.SYS_OPENAT, unix.SYS_MKDIRAT, unix.SYS_MKNODAT, unix.SYS_UNLINKAT, unix.SYS_FCHMODAT, unix.SYS_FACCESSAT,
		unix.SYS_FACCESSAT2, unix.SYS_FCHOWNAT, unix.SYS_OPEN_TREE, unix.SYS_FSPICK} {
		add(nr, "", unix.ENOENT, func(p *place) [6]uint64 { return args(at, path(p, none)) })
	}
	for _, nr := range []int{unix.SYS_RENAME, unix.SYS_LINK} {
		add(nr, "", unix.ENOENT, func(p *place) [6]uint64 { return args(p.in("old", text(file)), p.in("new", text(none))) })
	}
	add(unix.SYS_SYMLINK, "", unix.ENOENT, func(p *place) [6]uint64 { return args(p.in("target", text("x")), p.in("path", text(none))) })
	add(unix.SYS_SYMLINKAT, "", unix.ENOENT, func(p *place) [6]uint64 { return args(p.in("target", text("x")), at, p.in("path", text(none))) })
	for _, nr := range []int{unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_LINKAT} {
		add(nr, "", unix.ENOENT, func(p *place) [6]uint64 { return args(at, p.in("old", text(file)), at, p.in("new", text(none))) })
	}

	add(unix.SYS_STAT, "", 0, func(p *place) [6]uint64 { return args(path(p, file), p.out("statbuf", 144)) })
	add(unix.SYS_LSTAT, "", 0, func(p *place) [6]uint64 { return args(path(p, file), p.out("statbuf", 144)) })
	add(unix.SYS_FSTAT, "", 0, func(p *place) [6]uint64 { return args(0, p.out("statbuf", 144)) })
	add(unix.SYS_NEWFSTATAT, "", 0, func(p *place) [6]uint64 { return args(at, path(p, file), p.out("statbuf", 144), 0) })
	add(unix.SYS_STATX, "", 0, func(p *place) [6]uint64 { return args(at, path(p, file), 0, 0x7ff, p.out("statxbuf", 256)) })
	add(unix.SYS_STATFS, "", 0, func(p *place) [6]uint64 { return args(path(p, file), p.out("buf", 120)) })
	add(unix.SYS_FSTATFS, "", 0, func(p *place) [6]uint64 { return args(0, p.out("buf", 120)) })
	add(unix.SYS_READLINK, "", 0, func(p *place) [6]uint64 { return args(path(p, link), p.out("buf", 6), 6) })
	add(unix.SYS_READLINKAT, "", 0, func(p *place) [6]uint64 { return args(at, path(p, link), p.out("buf", 6), 6) })
	add(unix.SYS_UTIMENSAT, "", 0, func(p *place) [6]uint64 { return args(at, path(p, file), p.in("times", words(1, 2, 3, 4)), 0) })
	add(unix.SYS_UTIMES, "", 0, func(p *place) [6]uint64 { return args(path(p, file), p.in("times", words(1, 2, 3, 4))) })
	add(unix.SYS_FUTIMESAT, "", 0, func(p *place) [6]uint64 { return args(at, path(p, file), p.in("times", words(1, 2, 3, 4))) })
	add(unix.SYS_UTIME, "", 0, func(p *place) [6]uint64 { return args(path(p, file), p.in("times", words(1, 2))) })
	add(unix.SYS_OPENAT2, "", unix.ENOENT, func(p *place) [6]uint64 {
		return args(at, path(p, none), p.in("how", words(0, 0, 0)), 24)
	})
	add(unix.SYS_EXECVE, "", unix.ENOENT, func(p *place) [6]uint64 { return args(path(p, none), 0, 0) })
	add(unix.SYS_EXECVE, "/strings", unix.ENOEXEC, func(p *place) [6]uint64 {
		arg, env := p.in("arg", text("argument")), p.in("env", text("A=B"))
		return args(path(p, garbage), p.in("argv", words(arg, 0)), p.in("envp", words(env, 0)))
	})

	add(unix.SYS_SETXATTR, "", 0, func(p *place) [6]uint64 {
		return args(path(p, file), p.in("name", text("user.x")), p.in("value", []byte("val")), 3, 0)
	})
	add(unix.SYS_GETXATTR, "", 0, func(p *place) [6]uint64 {
		return args(path(p, file), p.in("name", text("user.x")), p.out("value", 3), 3)
	})
	add(unix.SYS_LISTXATTR, "", 0, func(p *place) [6]uint64 { return args(path(p, file), p.out("list", 7), 7) })
	add(unix.SYS_LISTXATTRAT, "", 0, func(p *place) [6]uint64 { return args(at, path(p, file), 0, p.out("list", 7), 7) })
	add(unix.SYS_SETXATTRAT, "", 0, func(p *place) [6]uint64 {
		value := p.in("value", []byte("val"))
		return args(at, path(p, file), 0, p.in("name", text("user.x")), p.in("args", append(words(value), halves(3, 0)...)), 16)
	})
	add(unix.SYS_GETXATTRAT, "", 0, func(p *place) [6]uint64 {
		value := p.out("value", 3)
		return args(at, path(p, file), 0, p.in("name", text("user.x")), p.in("args", append(words(value), halves(3, 0)...)), 16)
	})
	add(unix.SYS_REMOVEXATTR, "", unix.ENODATA, func(p *place) [6]uint64 { return args(path(p, file), p.in("name", text("user.y"))) })
	add(unix.SYS_NAME_TO_HANDLE_AT, "", unix.EOVERFLOW, func(p *place) [6]uint64 {
		return args(at, path(p, file), p.both("handle", halves(0, 0)), p.out("mount_id", 4), 0)
	})

	calls = append(calls, timeCalls()...)
	calls = append(calls, processCalls()...)
	calls = append(calls, descriptorCalls(t)...)
	calls = append(calls, ipcCalls(t)...)
	calls = append(calls, moreCalls(t)...)
	calls = append(calls, restCalls(t, file, none)...)
	return calls
}
