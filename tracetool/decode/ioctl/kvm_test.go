package ioctl_test

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/decode/ioctl"
	"libsystrap/tracetool/text"
)

func TestKvm(t *testing.T) {
	do := func(result int64, cmd, arg uintptr) string { return decodetest.As(result, unix.SYS_IOCTL, 4, cmd, arg) }
	for _, c := range []struct {
		result   int64
		cmd, arg uintptr
		want     string
	}{
		{1, names.KVM_CHECK_EXTENSION, 3, `ioctl(4, KVM_CHECK_EXTENSION, KVM_CAP_USER_MEMORY) = 1`},
		{5, names.KVM_CREATE_VCPU, 0x1_0000_0002, `ioctl(4, KVM_CREATE_VCPU, 2)            = 5`},
		{0, names.KVM_SET_USER_MEMORY_REGION, decodetest.Mem([4]uint64{1<<32 | 3, 0x1000, 4096, 0x7000}),
			`ioctl(4, KVM_SET_USER_MEMORY_REGION, {slot=3, flags=KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr=0x1000, memory_size=4096, userspace_addr=0x7000}) = 0`},
		{0, names.KVM_SET_REGS, decodetest.Mem([18]uint64{2, 3, 16: 0x1000, 17: 2}), `ioctl(4, KVM_SET_REGS, {rax=0x2, ..., rsp=0, rbp=0, ..., rip=0x1000, rflags=0x2}) = 0`},
		{-9, names.KVM_GET_REGS, decodetest.LastPage(t, 143), `ioctl(4, KVM_GET_REGS, ‹hex›)    = -1 EBADF (Bad file descriptor)`},
		{0, names.KVM_GET_SREGS, decodetest.Mem([39]uint64{0x10, 0x9b_f000_0000ffff, 1}),
			`ioctl(4, KVM_GET_SREGS, {cs={base=0x10, limit=65535, selector=61440, type=155, present=0, dpl=1, db=0, s=0, l=0, g=0, avl=0}, ...}) = 0`},
		{-7, names.KVM_GET_SUPPORTED_CPUID, 0xdeadbeef, `ioctl(4, KVM_GET_SUPPORTED_CPUID, 0xdeadbeef) = -1 E2BIG (Argument list too long)`},
		{0, names.KVM_SET_CPUID2, decodetest.Mem([16]uint32{1}), `ioctl(4, KVM_SET_CPUID2, {nent=1, entries=[...]}) = 0`},
		{0x40000000, names.NS_GET_NSTYPE, 0, `ioctl(4, NS_GET_NSTYPE)                 = 1073741824 (CLONE_NEWNET)`},
	} {
		decodetest.WantLine(t, do(c.result, c.cmd, c.arg), c.want)
	}
	decodetest.Unabbreviated(func() {
		decodetest.WantLine(t, do(0, names.KVM_SET_CPUID2, decodetest.Mem([16]uint32{1, 0, 7, 1, 1, 16})), `ioctl(4, KVM_SET_CPUID2, {nent=1, entries=[{function=0x7, index=0x1, flags=KVM_CPUID_FLAG_SIGNIFCANT_INDEX, eax=0x10, ebx=0, ecx=0, edx=0}]}) = 0`)
	})
	decodetest.InStyle(text.StyleRaw, func() {
		decodetest.WantLine(t, do(1, names.KVM_CHECK_EXTENSION, 3), `ioctl(4, 0xae03, 0x3)                   = 1`)
	})
}

// TestFindMapping: the name is looked for across the ends of the reads, and a
// longer or shorter one is another.
func TestFindMapping(t *testing.T) {
	const text = "55d0c0a00000-55d0c0a01000 r-xp 00000000 fe:01 123   /bin/anon_inode:kvm-vcpu:1\n" +
		"7f0000001000-7f0000004000 rw-s 00000000 00:0e 11   anon_inode:kvm-vcpu:11\n" +
		"7f0000004000-7f0000007000 rw-p 00000000 00:00 0 \n" +
		"7fabcdef1000-7fabcdef4000 rw-s 00000000 00:0e 11   anon_inode:kvm-vcpu:1\n"
	file := t.TempDir() + "/maps"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]uint64{"anon_inode:kvm-vcpu:1": 0x7fabcdef1000, "anon_inode:kvm-vcpu:11": 0x7f0000001000, "anon_inode:kvm-vcpu:2": 0} {
		for size := 1; size < 90; size += 11 {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			if got := ioctl.FindMapping(int64(f.Fd()), make([]byte, size), []byte(name)); got != want {
				t.Errorf("%s by %d bytes: %#x, want %#x", name, size, got, want)
			}
			f.Close()
		}
	}
}
