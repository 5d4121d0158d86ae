// A Go library in a C program: Go's runtime gives threads that it did not make an
// alternate stack of its own, from within handlers, too.
package main

import "C"

import (
	"os"
	"os/signal"
	"syscall"
)

var got = make(chan os.Signal, 16)

//export Add
func Add(a, b C.int) C.int { return a + b }

//export Catch
func Catch() { signal.Notify(got, syscall.SIGUSR1) }

//export Wait
func Wait() C.int { return C.int((<-got).(syscall.Signal)) }

func main() {}
