package restorer

import (
	"bytes"
	"testing"
	"unsafe"
)

// TestRestorerBytes compares with what gdb and libgcc look for
// (amd64_linux_sigtramp_start, x86_64_fallback_frame_state).
func TestRestorerBytes(t *testing.T) {
	want := []byte{0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05}
	addr := Addr()
	got := unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&addr))), len(want))
	if !bytes.Equal(got, want) {
		t.Errorf("the restorer is % x, want % x", got, want)
	}
}
