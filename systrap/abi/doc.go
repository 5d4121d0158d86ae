// Package abi describes the system calls of x86-64: numbers, names, classes, and what each
// argument and result is. It is the only place where a call is described: the tracer, its options,
// the tools that are shipped and others' read it.
//
// It is of use in the traced process and outside of it: see package systrap for the rules that its
// code keeps.
//
//systrap:freestanding
package abi
