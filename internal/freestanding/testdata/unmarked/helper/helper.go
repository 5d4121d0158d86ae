// Package helper carries no mark.
package helper

var n int

//go:noinline
func Help() { n++ }
