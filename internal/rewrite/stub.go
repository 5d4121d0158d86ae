package rewrite

import "encoding/binary"

// code is machine code at an address.
type code struct {
	b  []byte
	at uint64
}

func (c *code) add(b ...byte) { c.b = append(c.b, b...) }

// rel adds a displacement to an address that is relative to the end of the instruction, which it ends.
func (c *code) rel(to uint64) {
	c.b = binary.LittleEndian.AppendUint32(c.b, uint32(to-(c.at+uint64(len(c.b))+4)))
}

// start is what the code that starts the library must know. All are addresses.
type start struct {
	base          uint64 // where the first byte of the file is
	pairs, pairsN uint64 // the words to be relocated: their offsets from base, and what is to be added to base
	init          uint64 // the library's
	next          uint64 // where to go on, 0 to return
	// later is the word with the address of what laterStub calls, laterNext where that goes on, 0 to return.
	later, laterNext uint64
	// stackEnd is a word with the address of __libc_stack_end, in which glibc's loader keeps the stack pointer that it
	// has begun with; 0 if the file has none.
	stackEnd uint64
}

// relocate adds the code that relocates the library: base is in RBX then. RAX, RCX, RSI and RDI are written.
func (c *code) relocate(s *start) {
	if s.pairsN == 0 {
		return
	}
	c.add(0x48, 0x8d, 0x1d) // lea base(%rip), %rbx
	c.rel(s.base)
	c.add(0x48, 0x8d, 0x35) // lea pairs(%rip), %rsi
	c.rel(s.pairs)
	c.add(0xbf) // mov $pairsN, %edi
	c.b = binary.LittleEndian.AppendUint32(c.b, uint32(s.pairsN))
	c.add(
		0x48, 0x8b, 0x06, // again: mov (%rsi), %rax
		0x48, 0x8b, 0x4e, 0x08, // mov 8(%rsi), %rcx
		0x48, 0x01, 0xd9, // add %rbx, %rcx
		0x48, 0x89, 0x0c, 0x03, // mov %rcx, (%rbx,%rax)
		0x48, 0x83, 0xc6, 0x10, // add $16, %rsi
		0xff, 0xcf, // dec %edi
		0x75, 0xea) // jnz again
}

// programStub is where a program begins, by the kernel or the dynamic loader.
//
// In:       RSP = argc, argv, envp (System V ABI, "Initial Stack"); RDX = a function for atexit(3), or 0.
// Out:      jumps to s.next with all of that; other registers are 0, as the kernel has them (ELF_PLAT_INIT), but RBP, which stays.
// Stack:    some 700 bytes below RSP, the rest is on a stack of the library's.
func programStub(at uint64, s *start) []byte {
	c := &code{at: at}
	c.add(0x49, 0x89, 0xd4) // mov %rdx, %r12
	c.add(0x49, 0x89, 0xe5) // mov %rsp, %r13
	c.relocate(s)
	c.add(0x49, 0x8b, 0x7d, 0x00)       // mov (%r13), %rdi
	c.add(0x49, 0x8d, 0x75, 0x08)       // lea 8(%r13), %rsi
	c.add(0x48, 0x8d, 0x54, 0xfe, 0x08) // lea 8(%rsi,%rdi,8), %rdx
	c.add(0x48, 0x83, 0xe4, 0xf0)       // and $-16, %rsp
	c.add(0xe8)                         // call init
	c.rel(s.init)
	c.add(0x4c, 0x89, 0xec) // mov %r13, %rsp
	c.add(0x4c, 0x89, 0xe2) // mov %r12, %rdx
	for _, clear := range [][]byte{
		{0x31, 0xc0}, {0x31, 0xc9}, {0x31, 0xdb}, {0x31, 0xf6}, {0x31, 0xff}, // xor of eax, ecx, ebx, esi, edi
		{0x45, 0x31, 0xc0}, {0x45, 0x31, 0xc9}, {0x45, 0x31, 0xd2}, {0x45, 0x31, 0xdb}, {0x45, 0x31, 0xe4}, {0x45, 0x31, 0xed}, // r8d to r13d
	} {
		c.add(clear...)
	}
	for i := range byte(8) {
		c.add(0x0f, 0x57, 0xc0|i|i<<3) // xorps %xmm0 to 7
	}
	for i := range byte(8) {
		c.add(0x45, 0x0f, 0x57, 0xc0|i|i<<3) // 8 to 15
	}
	c.add(0xe9) // jmp next
	c.rel(s.next)
	return c.b
}

// libraryStub is what the dynamic loader calls in a library, as a resolver (R_X86_64_IRELATIVE) or an initialiser (DT_INIT).
//
// In:       RDI, RSI, RDX = argc, argv, envp for an initialiser of glibc's; else anything: the C library itself knows where
//
//	glibc's loader keeps them.
//
// Out:      jumps to s.next with these, or returns.
// Stack:    some 700 bytes.
// Clobbers: what the System V ABI lets a function clobber.
func libraryStub(at uint64, s *start) []byte {
	c := &code{at: at}
	c.add(0x53, 0x57, 0x56, 0x52)       // push %rbx, %rdi, %rsi, %rdx
	c.add(0x48, 0x83, 0xec, 0x08)       // sub $8, %rsp: it is a multiple of 16 then
	c.relocate(s)                       // of what is not relocated: base is not 0
	c.add(0x48, 0x8b, 0x54, 0x24, 0x08) // mov 8(%rsp), %rdx
	c.add(0x48, 0x8b, 0x74, 0x24, 0x10) // mov 16(%rsp), %rsi
	c.add(0x48, 0x8b, 0x7c, 0x24, 0x18) // mov 24(%rsp), %rdi
	if s.stackEnd != 0 {
		c.add(0x48, 0x8b, 0x05) // mov stackEnd(%rip), %rax
		c.rel(s.stackEnd)
		c.add(0x48, 0x85, 0xc0, 0x74, 0x14) // test %rax, %rax; jz call
		c.add(0x48, 0x8b, 0x00)             // mov (%rax), %rax
		c.add(0x48, 0x85, 0xc0, 0x74, 0x0c) // test %rax, %rax; jz call
		c.add(0x48, 0x8b, 0x38)             // mov (%rax), %rdi
		c.add(0x48, 0x8d, 0x70, 0x08)       // lea 8(%rax), %rsi
		c.add(0x48, 0x8d, 0x54, 0xf8, 0x10) // lea 16(%rax,%rdi,8), %rdx
	}
	c.add(0xe8) // call init
	c.rel(s.init)
	c.add(0x48, 0x83, 0xc4, 0x08) // add $8, %rsp
	c.add(0x5a, 0x5e, 0x5f, 0x5b) // pop
	if c.add(0xc3); s.next != 0 { // ret
		c.b[len(c.b)-1] = 0xe9 // jmp next
		c.rel(s.next)
	}
	return c.b
}

// laterOff is where laterStub lies behind libraryStub's beginning, in bytes.
const laterOff = 512

// laterStub is the initialiser of a library that a resolver has started: it calls the function whose address is in s.later, if there is
// one, and then what was the initialiser.
//
// In:       RDI, RSI, RDX = argc, argv, envp (glibc).
// Out:      jumps to s.laterNext with these, or returns.
// Stack:    24 bytes, and what the function uses.
// Clobbers: what the System V ABI lets a function clobber.
func laterStub(at uint64, s *start) []byte {
	c := &code{at: at}
	c.add(0x57, 0x56, 0x52) // push %rdi, %rsi, %rdx: it is a multiple of 16 then
	c.add(0x48, 0x8b, 0x05) // mov later(%rip), %rax
	c.rel(s.later)
	c.add(0x48, 0x85, 0xc0, 0x74, 0x02) // test %rax, %rax; jz pop
	c.add(0xff, 0xd0)                   // call *%rax
	c.add(0x5a, 0x5e, 0x5f)             // pop
	if c.add(0xc3); s.laterNext != 0 {  // ret
		c.b[len(c.b)-1] = 0xe9 // jmp laterNext
		c.rel(s.laterNext)
	}
	return c.b
}
