package footprint_test

import (
	"testing"
	"unsafe"

	"libsystrap/footprint"
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// TestTouches: a call that touches nothing has no ranges, whatever its arguments and result; and a few are known.
func TestTouches(t *testing.T) {
	for name, want := range map[string]bool{"getppid": false, "close": false, "read": true, "mmap": true, "exit_group": true, "ioctl": true, "munmap": true} {
		if nr, ok := abi.Number(name); !ok || footprint.Touches(nr) != want {
			t.Errorf("Touches(%s) is not %v", name, want)
		}
	}
	if footprint.Touches(-1) || footprint.Touches(1<<40) {
		t.Error("a number without a call touches memory")
	}
	var memory [64]uint64
	at := uint64(uintptr(unsafe.Pointer(&memory)))
	plain := 0
	for nr := range int64(len(abi.Calls)) {
		if footprint.Touches(nr) {
			continue
		}
		plain++
		for _, arg := range []uint64{0, 1, 3, at, ^uint64(0)} {
			for _, result := range []int64{0, 1, 8, -14} {
				c := systrap.Call{Sysno: nr, Args: [6]uint64{arg, arg, arg, arg, arg, arg}, Result: result}
				for it := footprint.Before(&c); it.Next(); {
					t.Errorf("%s: before it %+v", abi.Name(nr), it.Range)
				}
				for it := footprint.After(&c, 0); it.Next(); {
					t.Errorf("%s: after it %+v", abi.Name(nr), it.Range)
				}
			}
		}
	}
	if plain < 50 {
		t.Errorf("%d calls touch nothing", plain)
	}
}
