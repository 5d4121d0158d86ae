// Package ioctl decodes ioctl(2): the table in arg.go says what the argument of a command is, with
// a file for each kind of device. A new command is a row there, or a function in its device's file, and
// its name and constants are lines in the spec*.txt files here.
//
// It runs in the traced process: see package systrap for the rules.
//
//systrap:freestanding
package ioctl
