package tracetool

import (
	"regexp"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/systrap"
	"libsystrap/tracetool/decode/decodetest"
)

// TestPokeMessages are pokes of an argument that the call has not got, and of
// memory that ends or is not there: nothing was said.
func TestPokeMessages(t *testing.T) {
	read := logTo(t)
	opt.toFile = false
	savedPokes, n := pokes, pokeN
	t.Cleanup(func() { pokes, pokeN = savedPokes, n })
	pokes[0] = poke{arg: 1, by: 1, n: 4}
	pokes[1] = poke{arg: 0, by: 1, n: 4}
	pokeN = 2
	page, err := unix.Mmap(-1, 0, 8192, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Munmap(page) })
	if err := unix.Mprotect(page[4096:], unix.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		addr    uintptr
		written bool
		n       int // lines
	}{{addrOf(page) + 4095, true, 2}, {addrOf(page) + 4096, false, 4}, {addrOf(page) + 4092, true, 5}} {
		if got := doPokes(&systrap.Call{Sysno: unix.SYS_CHDIR, Args: [6]uint64{uint64(c.addr)}}, 1, false); got != c.written {
			t.Errorf("%#x: %v", c.addr, got)
		}
		if got := read(); len(got) != c.n {
			t.Errorf("%#x: %q", c.addr, got)
		}
	}
	got := read()
	for i, want := range []string{
		"Failed to tamper with process N: requested to tamper with argument #2, but system call 'chdir' has only 1 arguments",
		"pid:N short write (1 < 4) @‹hex›",
		"Failed to tamper with process N: requested to tamper with argument #2, but system call 'chdir' has only 1 arguments",
		"Failed to tamper with process N: couldn't poke",
	} {
		decodetest.WantLine(t, processIDs.ReplaceAllString(got[i], "${1}N"), want)
	}
}

var processIDs = regexp.MustCompile(`(process |pid:)\d+`)

func addrOf(b []byte) uintptr { return uintptr(unsafe.Pointer(&b[0])) }
