package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/rawsys"
)

// What one process image hands to the next across a traced execve: one
// variable, SYSTRAP_STATE=F:H, which the new image takes out of its
// environment before the program can see it. F is the number of the trace's
// descriptor, H holds a letter for each variable that the program did not pass
// on and that is therefore hidden from it again: L for LD_PRELOAD, O for
// SYSTRAP_OPTIONS, R for SYSTRAP_REPORT.
const (
	stateEq   = "SYSTRAP_STATE="
	preloadEq = "LD_PRELOAD="
	optionsEq = "SYSTRAP_OPTIONS="
	reportEq  = "SYSTRAP_REPORT="
)

// inheritedFd is the descriptor of the trace's stream that came with the state,
// or -1.
var inheritedFd int64 = -1

// What a later exec passes on although this image's program does not see it.
var optionsText *byte

// takeState reads and removes the state, and hides what it says.
func takeState() {
	optionsText = getenv(optionsEq)
	v := getenv(stateEq)
	if v == nil {
		return
	}
	self.Execed = true
	p := fields{unsafe.Slice(v, cLen(v)), 0}
	inheritedFd = int64(p.dec())
	p.skip(1)
	if r := getenv(reportEq); r != nil {
		copyPath(reportPath[:], r)
	}
	for ; p.at(0) != 0; p.skip(1) {
		switch p.at(0) {
		case 'L':
			hideEnv(preloadEq)
		case 'O':
			hideEnv(optionsEq)
		case 'R':
			hideEnv(reportEq)
		}
	}
	hideEnv(stateEq)
	if optionsText != nil {
		self.Options = cString(optionsText)
	}
}

func hideEnv(nameEq string) {
	if i := findEnvEntry(nameEq); i >= 0 {
		removeEnvEntry(i)
	}
}

// adoptLog makes fd, which came across execve, the trace's stream.
func adoptLog(fd int64) bool {
	if rawsys.Syscall(unix.SYS_FCNTL, uintptr(fd), unix.F_SETFD, unix.FD_CLOEXEC, 0, 0, 0) != 0 {
		return false
	}
	setLog(fd)
	return true
}
