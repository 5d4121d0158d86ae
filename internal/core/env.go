package core

import (
	"unsafe"

	"libsystrap/internal/sys"
	"libsystrap/internal/text"
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

// Getenv returns the value of a variable of the environment that this process image was
// started with, and whether it has one; without what is the library's own. What the program
// changes later is not seen. The value lies in the program's memory: a tool that keeps it
// copies it, as the program may write over it (setproctitle(3)). It makes no call, and works in
// Init and after.
func Getenv(name string) (value string, ok bool) {
	if self.envp == 0 || len(name) == 0 {
		return "", false
	}
	for i := 0; envEntry(i) != nil; i++ {
		p := envEntry(i)
		if text.HasPrefix(p, name) && *(*byte)(unsafe.Add(unsafe.Pointer(p), len(name))) == '=' {
			return text.CString((*byte)(unsafe.Add(unsafe.Pointer(p), len(name)+1))), true
		}
	}
	return "", false
}

func findEnvEntry(nameEq string) int {
	for i := 0; envEntry(i) != nil; i++ {
		if text.HasPrefix(envEntry(i), nameEq) {
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
