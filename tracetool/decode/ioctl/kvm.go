package ioctl

// Virtual machines (linux/kvm.h, asm/kvm.h).

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

var ioctlKvm = []Arg{
	{cmd: names.KVM_CHECK_EXTENSION, k: ValArg, X: names.KvmCap}, {cmd: names.KVM_CREATE_VCPU, k: Uint32},
	{cmd: names.KVM_SET_USER_MEMORY_REGION, k: Struct, S: []text.Field{{Name: "slot", Kind: text.U32}, {Name: "flags", Kind: text.F32, Arg: names.KvmMem}, {Name: "guest_phys_addr", Kind: text.X64},
		{Name: "memory_size", Kind: text.U64}, {Name: "userspace_addr", Kind: text.X64}}},
	{cmd: names.KVM_GET_REGS, k: Special | Out}, {cmd: names.KVM_SET_REGS, k: Special},
	{cmd: names.KVM_GET_SREGS, k: Special | Out}, {cmd: names.KVM_SET_SREGS, k: Special},
	{cmd: names.KVM_GET_SUPPORTED_CPUID, k: Special | Out}, {cmd: names.KVM_GET_EMULATED_CPUID, k: Special | Out}, {cmd: names.KVM_SET_CPUID2, k: Special},
}

var (
	sKvmSegment = []text.Field{{Name: "base", Kind: text.X64}, {Name: "limit", Kind: text.U32}, {Name: "selector", Kind: text.U16}, {Name: "type", Kind: text.U8}, {Name: "present", Kind: text.U8}, {Name: "dpl", Kind: text.U8}, {Name: "db", Kind: text.U8},
		{Name: "s", Kind: text.U8}, {Name: "l", Kind: text.U8}, {Name: "g", Kind: text.U8}, {Name: "avl", Kind: text.U8}}
	sKvmTables = []text.Field{{Name: "gdt", Kind: text.Open}, {Name: "base", Kind: text.X64}, {Name: "limit", Kind: text.U16}, {Kind: text.Pad, Arg: 6}, {Kind: text.Close},
		{Name: "idt", Kind: text.Open}, {Name: "base", Kind: text.X64}, {Name: "limit", Kind: text.U16}, {Kind: text.Pad, Arg: 6}, {Kind: text.Close},
		{Name: "cr0", Kind: text.U64}, {Name: "cr2", Kind: text.U64}, {Name: "cr3", Kind: text.U64}, {Name: "cr4", Kind: text.U64}, {Name: "cr8", Kind: text.U64}, {Name: "efer", Kind: text.U64}, {Name: "apic_base", Kind: text.X64},
		{Kind: text.Times, Arg: 4}, {Name: "interrupt_bitmap", Kind: text.X64}}
	sKvmRax = []text.Field{{Name: "rax", Kind: text.X64}}
	sKvmRbx = []text.Field{{Kind: text.At, Arg: 8}, {Name: "rbx", Kind: text.X64}, {Name: "rcx", Kind: text.X64}, {Name: "rdx", Kind: text.X64}, {Name: "rsi", Kind: text.X64}, {Name: "rdi", Kind: text.X64}}
	sKvmRsp = []text.Field{{Kind: text.At, Arg: 48}, {Name: "rsp", Kind: text.X64}, {Name: "rbp", Kind: text.X64}}
	sKvmR8  = []text.Field{{Kind: text.At, Arg: 64}, {Name: "r8", Kind: text.X64}, {Name: "r9", Kind: text.X64}, {Name: "r10", Kind: text.X64}, {Name: "r11", Kind: text.X64}, {Name: "r12", Kind: text.X64}, {Name: "r13", Kind: text.X64}, {Name: "r14", Kind: text.X64}, {Name: "r15", Kind: text.X64}}
	sKvmRip = []text.Field{{Kind: text.At, Arg: 128}, {Name: "rip", Kind: text.X64}, {Name: "rflags", Kind: text.X64}}
)

// kvmObject prints the object at v that is the same for reading and writing.
func kvmObject(p *text.Printer, cmd uint32, v uint64) {
	switch cmd {
	case names.KVM_GET_REGS, names.KVM_SET_REGS:
		kvmRegs(p, v)
	case names.KVM_GET_SREGS, names.KVM_SET_SREGS:
		kvmSregs(p, v)
	default:
		kvmCpuid(p, v)
	}
}

// kvmSegments are the names of the first members of struct kvm_sregs.
var kvmSegments = [...]string{"cs", "ds", "es", "fs", "gs", "ss", "tr", "ldt"}

// kvmSregs prints struct kvm_sregs.
func kvmSregs(p *text.Printer, v uint64) {
	const segment, size = 24, 312
	if !text.Readable(v, size) {
		p.Ptr(v)
		return
	}
	for i, s := range kvmSegments {
		if i == 0 {
			p.First(s)
		} else if p.Full() {
			p.Field(s)
		} else {
			break
		}
		p.StructAt(v+segment*uint64(i), sKvmSegment)
	}
	if p.Full() {
		at := uint64(len(kvmSegments)) * segment
		p.Comma()
		p.Fields(v+at, sKvmTables, size-at, true)
	} else {
		p.Str(", ...")
	}
	p.Byte('}')
}

// kvmRegs prints struct kvm_regs.
func kvmRegs(p *text.Printer, v uint64) {
	const size = 144
	if !text.Readable(v, size) {
		p.Ptr(v)
		return
	}
	w := text.Window{Addr: v, End: size}
	p.Byte('{')
	p.FieldsIn(&w, sKvmRax, true)
	kvmMore(p, &w, sKvmRbx)
	p.FieldsIn(&w, sKvmRsp, false)
	kvmMore(p, &w, sKvmR8)
	p.FieldsIn(&w, sKvmRip, false)
	p.Byte('}')
}

// kvmMore prints what only -v shows.
func kvmMore(p *text.Printer, w *text.Window, s []text.Field) {
	if p.Full() {
		p.FieldsIn(w, s, false)
		return
	}
	p.Str(", ...")
}

// kvmCpuid prints struct kvm_cpuid2.
func kvmCpuid(p *text.Printer, v uint64) {
	const head, size = 8, 40
	var h [2]uint32
	if !p.Fetch(unsafe.Pointer(&h), head, v) {
		return
	}
	n := uint64(h[0])
	p.First("nent")
	p.Uint(n)
	p.Field("entries")
	if n > 0 && !p.Full() {
		p.Str("[...]")
	} else {
		var e [10]uint32
		for i := uint64(0); p.Each(unsafe.Pointer(&e), size, v+head, i, n); i++ {
			p.First("function")
			p.AltHex(uint64(e[0]))
			p.FieldHex("index", uint64(e[1]))
			p.Field("flags")
			p.Flags(names.KvmCpuid, uint64(e[2]))
			p.FieldHex("eax", uint64(e[3]))
			p.FieldHex("ebx", uint64(e[4]))
			p.FieldHex("ecx", uint64(e[5]))
			p.FieldHex("edx", uint64(e[6]))
			p.Byte('}')
		}
	}
	p.Byte('}')
}

// vcpuExit prints why KVM_RUN returned, which the kernel writes to the memory
// that the program has mapped of the virtual processor (struct kvm_run).
func vcpuExit(p *text.Printer, fd int32) {
	const reasonAt = 8
	var reason uint32
	if at := vcpuMapping(p, fd); at == 0 || !text.Peek(unsafe.Pointer(&reason), 4, at+reasonAt) {
		return
	}
	s := text.NameOf(names.KvmExit, uint64(reason))
	if s == "" {
		s = names.Tables[names.KvmExit].Unknown.String()
	}
	p.Str(" (")
	p.Str(s)
	p.Byte(')')
}

// vcpuMapping returns where a virtual processor is mapped: the first line of
// /proc/self/maps (proc(5)) with the name that the descriptor has in
// /proc/self/fd, which has the processor's number since Linux 4.16.
//
//go:noinline
func vcpuMapping(p *text.Printer, fd int32) uint64 {
	const kind = "anon_inode:kvm-vcpu:"
	var path [32]byte
	spare := p.Spare(1024)
	if spare == nil {
		return 0
	}
	link, text := spare[:64], spare[64:]
	l := systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/thread-self/fd/")
	l.Uint(uint64(uint32(fd)))
	n := systrap.Syscall(unix.SYS_READLINK, uintptr(unsafe.Pointer(&path)), uintptr(unsafe.Pointer(&link[0])), uintptr(len(link)), 0, 0, 0)
	if n < int64(len(kind)) || n == int64(len(link)) || string(link[:len(kind)]) != kind {
		return 0
	}
	path = [32]byte{}
	l = systrap.LineOn(path[:len(path)-1])
	l.Str("/proc/thread-self/maps")
	maps := systrap.Syscall(unix.SYS_OPEN, uintptr(unsafe.Pointer(&path)), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0, 0)
	if maps < 0 {
		return 0
	}
	at := FindMapping(maps, text, link[:n])
	systrap.Syscall(unix.SYS_CLOSE, uintptr(maps), 0, 0, 0, 0, 0)
	return at
}

// FindMapping reads the lines of a maps file and returns the address of the
// first whose last word is name.
func FindMapping(maps int64, text, name []byte) uint64 {
	start, inStart := uint64(0), true // the number that the line begins with
	same := 0                         // as many bytes of the word are those of name, or -1
	for {
		n := systrap.Syscall(unix.SYS_READ, uintptr(maps), uintptr(unsafe.Pointer(&text[0])), uintptr(len(text)), 0, 0, 0)
		if n <= 0 {
			return 0
		}
		for _, c := range text[:n] {
			switch {
			case c == '\n':
				if same == len(name) {
					return start
				}
				start, inStart, same = 0, true, 0
				continue
			case c == ' ':
				same = 0
				continue
			case c == '-':
				inStart = false
			case inStart && c <= '9':
				start = start<<4 | uint64(c-'0')
			case inStart:
				start = start<<4 | uint64(c-'a'+10)
			}
			if same >= 0 && same < len(name) && c == name[same] {
				same++
			} else {
				same = -1
			}
		}
	}
}
