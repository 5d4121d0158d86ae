package sys

import (
	"os"
	"runtime"
	"testing"
)

func TestOwnNumber(t *testing.T) {
	for text, want := range map[string]int64{
		"Name:\tx\nNStgid:\t41\nNSpid:\t7\n":              41,
		"NStgid:\t4711\t12\t1\nx":                         1,
		"Name:\tNStgid: 9\nNStg:\t3\nNStgid:\t4711\t20\n": 20,
		"Name:\tx\n": 0,
		"NStgi":      0,
	} {
		l := lineNumber{key: "NStgid:"}
		for _, b := range []byte(text) {
			l.take(b)
		}
		if l.n != want {
			t.Errorf("%q: %d, want %d", text, l.n, want)
		}
	}
	if n := ownNumber(&processStatus[0], "NStgid:"); n != int64(os.Getpid()) {
		t.Errorf("%d, want %d", n, os.Getpid())
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if n, tid := ownNumber(&threadStatus[0], "NSpid:"), Gettid(); n != tid {
		t.Errorf("thread %d, want %d", n, tid)
	}
}
