// Package decode prints a call's arguments and result, as [libsystrap/systrap/abi]'s table says
// what they are. The large families have packages of their own below it.
//
// Arguments that the kernel reads are printed when the call is entered, those that it writes when
// it returns; a [text.Step] says when an argument can be.
//
// It runs in the traced process: see package systrap for the rules.
//
//systrap:freestanding
package decode
