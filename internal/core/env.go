package core

import (
	"unsafe"

	"libsystrap/internal/ctext"
	"libsystrap/internal/sys"
)

// The environment block of this image, as the kernel laid it out.

// envEntry returns entry i of the environment, or nil behind the last.
func envEntry(i int) *byte {
	return *(**byte)(sys.Ptr(self.envp + uintptr(i)*8))
}

// getenv returns the value of the variable whose name and "=" are given, or
// nil.
func getenv(nameEq string) *byte {
	if i := findEnvEntry(nameEq); i >= 0 {
		return (*byte)(unsafe.Add(unsafe.Pointer(envEntry(i)), len(nameEq)))
	}
	return nil
}

// Getenv is systrap.Getenv.
func Getenv(name string) (value string, ok bool) {
	if self.envp == 0 || len(name) == 0 {
		return "", false
	}
	for i := 0; envEntry(i) != nil; i++ {
		p := envEntry(i)
		if ctext.HasPrefix(p, name) && *(*byte)(unsafe.Add(unsafe.Pointer(p), len(name))) == '=' {
			return ctext.CString((*byte)(unsafe.Add(unsafe.Pointer(p), len(name)+1))), true
		}
	}
	return "", false
}

func findEnvEntry(nameEq string) int {
	for i := 0; envEntry(i) != nil; i++ {
		if ctext.HasPrefix(envEntry(i), nameEq) {
			return i
		}
	}
	return -1
}

// removeEnvEntry takes entry i out of the block that the program will see.
func removeEnvEntry(i int) {
	for ; envEntry(i) != nil; i++ {
		*(**byte)(sys.Ptr(self.envp + uintptr(i)*8)) = envEntry(i + 1)
	}
}

// setAuxv finds the auxiliary vector behind the environment.
func setAuxv() {
	i := 0
	for envEntry(i) != nil {
		i++
	}
	self.auxv = self.envp + uintptr(i+1)*8
}

// moveAuxv moves the auxiliary vector to where the environment ends, from which entries have been taken: a program that has
// not begun looks for it there.
func moveAuxv() {
	i := 0
	for envEntry(i) != nil {
		i++
	}
	to, from := self.envp+uintptr(i+1)*8, self.auxv
	self.auxv = to
	for to != from {
		kind := *(*uint64)(sys.Ptr(from))
		*(*uint64)(sys.Ptr(to)) = kind
		*(*uint64)(sys.Ptr(to + 8)) = *(*uint64)(sys.Ptr(from + 8))
		if kind == 0 {
			return
		}
		to, from = to+16, from+16
	}
}
