package rawsys

import (
	"os"
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

func TestSyscallPassesSixArgumentsAndReturnsRAX(t *testing.T) {
	if got := Syscall(unix.SYS_GETPID, 0, 0, 0, 0, 0, 0); got != uintptr(os.Getpid()) {
		t.Errorf("getpid = %d, want %d", got, os.Getpid())
	}
	if got := int64(Syscall(unix.SYS_CLOSE, ^uintptr(0), 0, 0, 0, 0, 0)); got != -int64(unix.EBADF) {
		t.Errorf("close(-1) = %d, want -EBADF", got)
	}
	// mmap takes six arguments and fails with EINVAL if the last is not a
	// multiple of the page size, with EBADF if the fifth is no descriptor.
	const n = 4096
	p := Syscall(unix.SYS_MMAP, 0, n, unix.PROT_READ, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS, ^uintptr(0), 0)
	if int64(p) < 0 {
		t.Fatalf("mmap = %d", int64(p))
	}
	if got := Syscall(unix.SYS_MUNMAP, p, n, 0, 0, 0, 0); got != 0 {
		t.Errorf("munmap = %d", int64(got))
	}
	if got := int64(Syscall(unix.SYS_MMAP, 0, n, unix.PROT_READ, unix.MAP_PRIVATE, 0, 1)); got != -int64(unix.EINVAL) {
		t.Errorf("mmap at offset 1 = %d, want -EINVAL", got)
	}
}

func TestStubsAreSyscallAndUd2(t *testing.T) {
	code := unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&[]uintptr{StubBase()}[0]))), Stubs*StubSize)
	for i := 0; i < len(code); i += StubSize {
		if got := [4]byte(code[i : i+4]); got != [4]byte{0x0f, 0x05, 0x0f, 0x0b} {
			t.Fatalf("stub %d is % x", i/StubSize, got)
		}
	}
}

func TestOffsetsInPerformAndSigreturn(t *testing.T) {
	at := func(addr uintptr, off int) []byte {
		return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&[]uintptr{addr + uintptr(off)}[0]))), 8)
	}
	if b := at(interruptibleAddr(), performCall); b[0] != 0x0f || b[1] != 0x05 {
		t.Errorf("at performCall there is % x, want syscall", b)
	}
	if b := at(interruptibleAddr(), performEnd); b[0] != 0xc3 {
		t.Errorf("at performEnd there is % x, want ret", b)
	}
	if b := at(sigreturnAddr(), sigreturnSwitched-3); [3]byte(b[:3]) != [3]byte{0x48, 0x89, 0xc4} {
		t.Errorf("before sigreturnSwitched there is % x, want mov %%rax,%%rsp", b[:3])
	}
	if b := at(sigreturnAddr(), sigreturnCall); b[0] != 0x0f || b[1] != 0x05 {
		t.Errorf("at sigreturnCall there is % x, want syscall", b)
	}
}

func TestPerformMakesNoCallWhenAskedNotTo(t *testing.T) {
	var postponed uint32
	if got := Perform(&postponed, unix.SYS_GETPID, 0, 0, 0, 0, 0, 0); got != uintptr(os.Getpid()) {
		t.Errorf("getpid = %d, want %d", got, os.Getpid())
	}
	postponed = 1
	if got := Perform(&postponed, unix.SYS_GETPID, 0, 0, 0, 0, 0, 0); got != NotMade {
		t.Errorf("a postponed call returned %d, want NotMade", int64(got))
	}
}

// TestPKRU compares with what the kernel says of a key's rights, by whether it
// reads memory under the key for us.
func TestPKRU(t *testing.T) {
	if _, ecx := CPUID(7, 0); ecx&(1<<4) == 0 {
		t.Skip("the kernel has no protection keys on (CPUID.7.0:ECX bit 4)")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	key := Syscall(unix.SYS_PKEY_ALLOC, 0, 0, 0, 0, 0, 0)
	if int64(key) < 0 {
		t.Skip("pkey_alloc: ", int64(key))
	}
	defer Syscall(unix.SYS_PKEY_FREE, key, 0, 0, 0, 0, 0)
	const n = 4096
	p := Syscall(unix.SYS_MMAP, 0, n, unix.PROT_READ, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS, ^uintptr(0), 0)
	defer Syscall(unix.SYS_MUNMAP, p, n, 0, 0, 0, 0)
	if r := Syscall(unix.SYS_PKEY_MPROTECT, p, n, unix.PROT_READ, key, 0, 0); r != 0 {
		t.Fatal("pkey_mprotect: ", int64(r))
	}
	fd, err := unix.MemfdCreate("pkru", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	old := ReadPKRU()
	for rights, want := range []int64{n, -int64(unix.EFAULT)} {
		WritePKRU(old&^(3<<(2*key)) | uint32(rights)<<(2*key))
		r := int64(Syscall(unix.SYS_PWRITE64, uintptr(fd), p, n, 0, 0, 0))
		WritePKRU(old)
		if r != want {
			t.Errorf("rights %d: write of memory under the key = %d, want %d", rights, r, want)
		}
	}
	if ReadPKRU() != old {
		t.Errorf("PKRU = %#x, was %#x", ReadPKRU(), old)
	}
}
