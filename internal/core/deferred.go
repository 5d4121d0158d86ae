package core

import (
	"golang.org/x/sys/unix"

	"libsystrap/seccomp"
)

// Most programs make a few hundred calls, from some ten places, and end. To search all text
// for calls and to patch it costs such a program more than all its calls do. So where the
// kernel reports calls (discover.go) nothing is searched at the start: a function is searched,
// and its calls are patched, when one of them has been reported reportsFirst times. Before the
// program makes its second thread, the images whose calls were reported are searched as a
// whole: what is patched later is patched while others may run it. Before anything ends the
// reports, in this thread or in new ones, all text is searched.
// See docs/decisions/searched-when-called.md.

// deferred is set as long as no text is searched as a whole, and there is one thread.
var deferred bool

// unsearched is set as long as there may be text of the start that was not searched.
var unsearched bool

// While what was put off is made up for: resuming is set, and onlyReported if
// only images whose calls were reported are meant.
var resuming, onlyReported bool

// deferSearch decides at the start whether text is searched at once: where the kernel does
// not report calls, or may not be asked to in new threads.
func deferSearch() {
	deferred = discoverWanted && !searchAtOnce && !discoverOnly && !seccomp.On && ownText.size != 0
	unsearched = deferred
}

// searchReported searches the images whose calls were reported: the program is about to make
// its second thread. It returns how many of bootTexts there are now, 0 if nothing was put off.
func searchReported() (texts int) {
	if deferred {
		onlyReported = true
		texts = searchAgain()
		onlyReported = false
	}
	return texts
}

// searchAll searches all text that was there at the start: the kernel's reports are about to
// end, or do not begin.
func searchAll() {
	if unsearched {
		searchAgain()
		unsearched = false
	}
}

func searchAgain() (texts int) {
	m := lockCode()
	starting = deferred // there is one thread
	freshText = !manyThreads && jumpWanted
	deferred, resuming = false, true
	texts, _ = listTexts(0, ^uint64(0))
	instrumentTexts(texts, 0, ^uint64(0))
	resuming, starting, freshText = false, false, false
	unlockCode(m)
	return texts
}

// reportsFirst is how often a call is reported before it is patched: to do that costs about what
// so many reports cost more than calls that are patched.
const reportsFirst = 8

// reportsInAll is how many calls are reported before one is patched: the first patch costs as much as
// six others, which a program that makes a hundred calls would not get back.
const reportsInAll = 128

// reported is how many were, up to that.
var reported int

// reports are calls that were reported while the search was deferred, by address: pc<<8 and
// how often. Who takes an entry from another takes over its number, so that both are patched if
// both are made often.
var reports [512]uint64

// waits says whether the call that was reported at pc is left to the next reports.
func waits(pc uint64) bool {
	if !deferred {
		return false
	}
	r := &reports[(pc>>1^pc>>10)%uint64(len(reports))]
	if *r>>8 != pc {
		if *r&0xff == reportsFirst {
			*r = 0
		}
		*r = pc<<8 | *r&0xff
	}
	if *r&0xff < reportsFirst {
		*r++
	}
	if reported < reportsInAll {
		reported++
		return true
	}
	return *r&0xff < reportsFirst
}

// hasReported says whether a call in [start, end) was reported.
func hasReported(start, end uint64) bool {
	for _, r := range reports {
		if r>>8 >= start && r>>8 < end {
			return true
		}
	}
	return false
}

// forgetTexts drops what is known of the mappings that c is about to change.
func forgetTexts(c *Call) {
	lo, n := c.Args[0], c.Args[1]
	switch c.Sysno {
	case unix.SYS_MMAP:
		if c.Args[3]&unix.MAP_FIXED == 0 {
			return
		}
	case unix.SYS_MADVISE, unix.SYS_PERSONALITY, unix.SYS_BRK:
		return
	case unix.SYS_SHMAT, unix.SYS_MREMAP:
		lo, n = 0, ^uint64(0)
	}
	for i := range texts {
		if t := &texts[i]; t.image.base < lo+n && lo < t.image.end {
			*t = knownText{}
		}
	}
}
