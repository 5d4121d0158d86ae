package tracetool

// Virtual machines (linux/kvm.h, asm/kvm.h).

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

var ioctlKvm = []ioctlArg{
	{cmd: cmdKVM_CHECK_EXTENSION, k: iValArg, x: xKvmCap}, {cmd: cmdKVM_CREATE_VCPU, k: iUint32},
	{cmd: cmdKVM_SET_USER_MEMORY_REGION, k: iStruct, s: []field{{"slot", fU32, 0}, {"flags", fF32, xKvmMem}, {"guest_phys_addr", fX64, 0},
		{"memory_size", fU64, 0}, {"userspace_addr", fX64, 0}}},
	{cmd: cmdKVM_GET_REGS, k: iSpecial | out}, {cmd: cmdKVM_SET_REGS, k: iSpecial},
	{cmd: cmdKVM_GET_SREGS, k: iSpecial | out}, {cmd: cmdKVM_SET_SREGS, k: iSpecial},
	{cmd: cmdKVM_GET_SUPPORTED_CPUID, k: iSpecial | out}, {cmd: cmdKVM_GET_EMULATED_CPUID, k: iSpecial | out}, {cmd: cmdKVM_SET_CPUID2, k: iSpecial},
}

var (
	sKvmSegment = []field{{"base", fX64, 0}, {"limit", fU32, 0}, {"selector", fU16, 0}, {"type", fU8, 0}, {"present", fU8, 0}, {"dpl", fU8, 0}, {"db", fU8, 0},
		{"s", fU8, 0}, {"l", fU8, 0}, {"g", fU8, 0}, {"avl", fU8, 0}}
	sKvmTables = []field{{"gdt", fOpen, 0}, {"base", fX64, 0}, {"limit", fU16, 0}, {"", fPad, 6}, {"", fClose, 0},
		{"idt", fOpen, 0}, {"base", fX64, 0}, {"limit", fU16, 0}, {"", fPad, 6}, {"", fClose, 0},
		{"cr0", fU64, 0}, {"cr2", fU64, 0}, {"cr3", fU64, 0}, {"cr4", fU64, 0}, {"cr8", fU64, 0}, {"efer", fU64, 0}, {"apic_base", fX64, 0},
		{"", fTimes, 4}, {"interrupt_bitmap", fX64, 0}}
	sKvmRax = []field{{"rax", fX64, 0}}
	sKvmRbx = []field{{"", fAt, 8}, {"rbx", fX64, 0}, {"rcx", fX64, 0}, {"rdx", fX64, 0}, {"rsi", fX64, 0}, {"rdi", fX64, 0}}
	sKvmRsp = []field{{"", fAt, 48}, {"rsp", fX64, 0}, {"rbp", fX64, 0}}
	sKvmR8  = []field{{"", fAt, 64}, {"r8", fX64, 0}, {"r9", fX64, 0}, {"r10", fX64, 0}, {"r11", fX64, 0}, {"r12", fX64, 0}, {"r13", fX64, 0}, {"r14", fX64, 0}, {"r15", fX64, 0}}
	sKvmRip = []field{{"", fAt, 128}, {"rip", fX64, 0}, {"rflags", fX64, 0}}
)

// kvmObject prints the object at v that is the same for reading and writing.
func (p *printer) kvmObject(cmd uint32, v uint64) {
	switch cmd {
	case cmdKVM_GET_REGS, cmdKVM_SET_REGS:
		p.kvmRegs(v)
	case cmdKVM_GET_SREGS, cmdKVM_SET_SREGS:
		p.kvmSregs(v)
	default:
		p.kvmCpuid(v)
	}
}

// kvmSegments are the names of the first members of struct kvm_sregs.
var kvmSegments = [...]string{"cs", "ds", "es", "fs", "gs", "ss", "tr", "ldt"}

// kvmSregs prints struct kvm_sregs.
func (p *printer) kvmSregs(v uint64) {
	const segment, size = 24, 312
	if !readable(v, size) {
		p.ptr(v)
		return
	}
	for i, s := range kvmSegments {
		if i == 0 {
			p.first(s)
		} else if p.full() {
			p.field(s)
		} else {
			break
		}
		p.structAt(v+segment*uint64(i), sKvmSegment)
	}
	if p.full() {
		at := uint64(len(kvmSegments)) * segment
		p.comma()
		p.fields(v+at, sKvmTables, size-at, true)
	} else {
		p.Str(", ...")
	}
	p.Byte('}')
}

// kvmRegs prints struct kvm_regs.
func (p *printer) kvmRegs(v uint64) {
	const size = 144
	if !readable(v, size) {
		p.ptr(v)
		return
	}
	w := window{addr: v, end: size}
	p.Byte('{')
	p.fieldsIn(&w, sKvmRax, true)
	p.kvmMore(&w, sKvmRbx)
	p.fieldsIn(&w, sKvmRsp, false)
	p.kvmMore(&w, sKvmR8)
	p.fieldsIn(&w, sKvmRip, false)
	p.Byte('}')
}

// kvmMore prints what only -v shows.
func (p *printer) kvmMore(w *window, s []field) {
	if p.full() {
		p.fieldsIn(w, s, false)
		return
	}
	p.Str(", ...")
}

// kvmCpuid prints struct kvm_cpuid2.
func (p *printer) kvmCpuid(v uint64) {
	const head, size = 8, 40
	var h [2]uint32
	if !p.fetch(unsafe.Pointer(&h), head, v) {
		return
	}
	n := uint64(h[0])
	p.first("nent")
	p.Uint(n)
	p.field("entries")
	if n > 0 && !p.full() {
		p.Str("[...]")
	} else {
		var e [10]uint32
		for i := uint64(0); p.each(unsafe.Pointer(&e), size, v+head, i, n); i++ {
			p.first("function")
			p.hex(uint64(e[0]))
			p.fieldHex("index", uint64(e[1]))
			p.field("flags")
			p.flags(xKvmCpuid, uint64(e[2]))
			p.fieldHex("eax", uint64(e[3]))
			p.fieldHex("ebx", uint64(e[4]))
			p.fieldHex("ecx", uint64(e[5]))
			p.fieldHex("edx", uint64(e[6]))
			p.Byte('}')
		}
	}
	p.Byte('}')
}

// vcpuExit prints why KVM_RUN returned, which the kernel writes to the memory
// that the program has mapped of the virtual processor (struct kvm_run).
func (p *printer) vcpuExit(fd int32) {
	const reasonAt = 8
	var reason uint32
	if at := p.vcpuMapping(fd); at == 0 || !peek(unsafe.Pointer(&reason), 4, at+reasonAt) {
		return
	}
	s := name(xKvmExit, uint64(reason))
	if s == "" {
		s = xtabs[xKvmExit].dflt
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
func (p *printer) vcpuMapping(fd int32) uint64 {
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
	at := findMapping(maps, text, link[:n])
	systrap.Syscall(unix.SYS_CLOSE, uintptr(maps), 0, 0, 0, 0, 0)
	return at
}

// findMapping reads the lines of a maps file and returns the address of the
// first whose last word is name.
func findMapping(maps int64, text, name []byte) uint64 {
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
