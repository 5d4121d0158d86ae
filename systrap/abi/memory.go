package abi

// Arg is what a call's argument is.
type Arg struct {
	Kind   Kind
	Memory Memory
}

// Direction is what the kernel does with the memory that an argument points to.
type Direction uint8

const (
	// Value is that of an argument that is a number: no memory is touched through it.
	Value Direction = iota
	// In: the kernel reads it.
	In
	// Out: the kernel writes it.
	Out
	// InOut: it reads, and may write.
	InOut
	// Later: the kernel reads or writes it after the call has returned.
	Later
	// Mapping: the argument is the beginning of mappings, which the call changes or asks about.
	Mapping
	// ByCall: the call's other arguments say whether it points to anything, and what happens there.
	ByCall
)

// Extent says what gives the size of the memory.
type Extent uint8

const (
	// Fixed: Unit bytes.
	Fixed Extent = iota
	// Count: argument Arg many elements of Unit bytes, behind Head bytes.
	Count
	// Bits: as many bits as argument Arg says, in words of 8 bytes.
	Bits
	// Nodes: one bit less than argument Arg says, in words of 8 bytes (get_nodes in mm/mempolicy.c).
	Nodes
	// PerPage: a byte for each page of 4096 bytes of argument Arg bytes.
	PerPage
	// Length: as many bytes as the 32-bit number says that argument Arg points to.
	Length
	// String: the bytes up to a NUL, and the NUL.
	String
	// Strings: pointers up to a null pointer, and the string that each points to.
	Strings
	// Vector: argument Arg many struct iovec, which are read, and what they point to.
	Vector
	// Own: the object says it, or the call's documentation.
	Own
)

// Written says how much of memory that is Out or InOut the kernel has written, once the call
// has succeeded, or, where Memory.Failing is set, has failed.
type Written uint8

const (
	// Whole: all of it.
	Whole Written = iota
	// ResultBytes: as many bytes as the call returned, if that is less.
	ResultBytes
	// ResultElements: as many elements of Unit bytes as the call returned.
	ResultElements
	// Shown: as much as the length says that argument Arg points to now, if that is less.
	Shown
	// OnPositive: all of it, if the call returned more than 0 (wait4(2): there was a child).
	OnPositive
	// Interrupted: all of it, if a signal ended the call: what is left to wait.
	Interrupted
)

// Memory is the memory that an argument points to, unless that is 0: where Extent is not Own, the
// most that the kernel touches. Sources are the man pages of section 2 and the kernel's
// include/uapi/linux.
type Memory struct {
	Direction Direction
	Extent    Extent
	// Arg is the argument, from 0, that gives the size.
	Arg int8
	// Unit is the size of an element in bytes.
	Unit uint16
	// Head are bytes before the elements.
	Head    uint8
	Written Written
	// Failing: it is written also when the call fails.
	Failing bool
}

// Values of Memory.Arg in shapes: the argument behind, or before.
const (
	next   = 16
	before = 17
)
