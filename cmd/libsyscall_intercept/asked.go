package main

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// The program can begin and end the log itself, by two calls that are not made, if INTERCEPT_LOG_CALLS=1 allows it:
//
//	write(123, "SYSCALL_INTERCEPT_TEST_START_LOG", 33, path, truncate)
//	write(123, "SYSCALL_INTERCEPT_TEST_STOP_LOG", 32)
//
// The bytes include the NUL at their end. Path is a string, as is truncate: "0" keeps what the file has. It is what the test suite of the
// library that this one stands in for does. It is not for programs, and has to be asked for: where it is allowed no call comes by the quick way.
// See docs/decisions/logs-as-others-write-them.md.

const (
	askFd    = 123
	askStart = "SYSCALL_INTERCEPT_TEST_START_LOG\x00"
	askStop  = "SYSCALL_INTERCEPT_TEST_STOP_LOG\x00"
)

// asking is set if the program may begin and end the log.
var asking bool

// readAsking reads whether it may.
func readAsking() {
	v, ok := systrap.Getenv("INTERCEPT_LOG_CALLS")
	asking = ok && v == "1"
}

// asks does what c asks for, if it is one of the two calls.
func asks(c *systrap.Call) bool {
	if !isAsked(c) {
		return false
	}
	if says(c, askStop) {
		closeLog()
	} else {
		begin(c)
	}
	c.Result = int64(c.Args[2])
	return true
}

// begin opens the log that c names. A path that cannot be read is none.
//
//go:noinline
func begin(c *systrap.Call) {
	var path [unix.PathMax]byte
	if n, ended := systrap.ReadString(path[:], c.Args[3]); ended && n > 0 {
		var truncate [2]byte
		k, _ := systrap.ReadString(truncate[:], c.Args[4])
		openLog(&path, n, k != 1 || truncate[0] != '0')
	}
}

// isAsked says whether c is one of the two.
func isAsked(c *systrap.Call) bool {
	return c.Sysno == unix.SYS_WRITE && c.Args[0] == askFd && (says(c, askStart) || says(c, askStop))
}

// says reports whether c writes text.
func says(c *systrap.Call, text string) bool {
	var buf [len(askStart)]byte
	n := len(text)
	return c.Args[2] == uint64(n) && systrap.Read(buf[:n], c.Args[1]) == n && string(buf[:n]) == text
}
