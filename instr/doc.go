// Package instr decodes x86-64 instructions, searches text for the byte pairs of system call
// instructions and decides which of those pairs really are instructions.
//
// It runs inside a traced process in which the Go runtime was never started, and unchanged under
// ordinary go test. The rules that make this possible, enforced on the finished machine code:
//
//   - no heap allocation on any path: nothing escapes, no new, make, growing append or closure;
//   - no map, channel, goroutine, defer, panic, recover, interface, error or type switch;
//   - no string concatenation and no conversion between strings and byte slices;
//   - no imports but unsafe, no init function, package variables are static data only;
//   - no func values, no recursion, no access to %fs;
//   - stack frames under 300 bytes; large state lives in structs that the caller owns;
//   - assembly leaves R14 and X15 alone and needs SSE2 only.
//
// Addresses are virtual addresses in the space of the [Image] that produced them. Offsets are byte
// offsets into the slice that was passed.
package instr

//systrap:freestanding
