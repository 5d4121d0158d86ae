package ioctl_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/decode/decodetest"
	"libsystrap/tracetool/decode/ioctl"
	"libsystrap/tracetool/text"
)

func TestConsole(t *testing.T) {
	do := func(result int64, cmd, arg uintptr) string { return decodetest.As(result, unix.SYS_IOCTL, 4, cmd, arg) }
	accents := decodetest.Mem([8]byte{2, 0, 0, 0, '\'', 'a', 0xe1})
	font := decodetest.Mem(ioctl.ConsoleFont{Count: 1, Height: 16, Data: uint64(decodetest.Mem([32]byte{1, 2}))})
	for _, c := range []struct {
		result   int64
		cmd, arg uintptr
		want     string
	}{
		{0, names.KIOCSOUND, 440, `ioctl(4, KIOCSOUND, 440 /* 2711 Hz */)  = 0`},
		{0, names.KDMKTONE, 0x640001, `ioctl(4, KDMKTONE, 100<<16|1 /* 1193182 Hz, 100 ms */) = 0`},
		{0, names.KDADDIO, 0x3c0, `ioctl(4, KDADDIO, 0x3c0 /* GPFIRST + 12 */) = 0`},
		{0, names.KDGETLED, decodetest.Mem(uint8(0xfe)), `ioctl(4, KDGETLED, [LED_NUM|LED_CAP|0xf8]) = 0`},
		{-25, names.KDGETMODE, 0xdeadbeef, `ioctl(4, KDGETMODE, 0xdeadbeef)         = -1 ENOTTY (Inappropriate ioctl for device)`},
		{0, names.KDSKBMODE, decodetest.Minus1, `ioctl(4, KDSKBMODE, -1 /* K_??? */)     = 0`},
		{0, names.KDSKBENT, decodetest.Mem([2]uint16{0x0103, 0x0b5c}), `ioctl(4, KDSKBENT, {kb_table=K_ALTSHIFTTAB, kb_index=1, kb_value=0xb5c /* K(KT_LETTER, '\\') */}) = 0`},
		{-25, names.KDGKBENT, decodetest.Mem([2]uint16{0x0103, 0x0b5c}), `ioctl(4, KDGKBENT, {kb_table=K_ALTSHIFTTAB, kb_index=1}) = -1 ENOTTY (Inappropriate ioctl for device)`},
		{-25, names.KDGKBENT, 0xdeadbeef, `ioctl(4, KDGKBENT, 0xdeadbeef)          = -1 ENOTTY (Inappropriate ioctl for device)`},
		{0, names.KDSKBSENT, decodetest.Mem([520]byte{1, 'l', 's', '\n'}), `ioctl(4, KDSKBSENT, {kb_func=KVAL(K_F2), kb_string="ls\n"}) = 0`},
		{0, names.KDSKBDIACR, decodetest.Mem([2]uint64{0xe161270000_0001}), `ioctl(4, KDSKBDIACR, {kb_cnt=1, kbdiacr=[{diacr='\'', base='a', result='\xe1'}]}) = 0`},
		{-9, names.KDGKBDIACR, accents, `ioctl(4, KDGKBDIACR, ‹hex›)      = -1 EBADF (Bad file descriptor)`},
		{0, names.KDGETKEYCODE, decodetest.Mem([2]uint32{0x1e, 0x20}), `ioctl(4, KDGETKEYCODE, {scancode=0x1e, keycode=0x20 => 0x20}) = 0`},
		{0, names.KDKBDREP, decodetest.Mem([2]int32{-1, 33}), `ioctl(4, KDKBDREP, {delay=-1, period=33} => {delay=-1, period=33}) = 0`},
		{0, names.PIO_FONTX, font, `ioctl(4, PIO_FONTX, {charcount=1, charheight=16, chardata="\x01\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"}) = 0`},
		{0, names.KDFONTOP, decodetest.Mem(ioctl.FontCall{Op: ioctl.FontDefault, Width: 8, Height: 16, Data: uint64(decodetest.Cstring("lat1"))}),
			`ioctl(4, KDFONTOP, {op=KD_FONT_OP_SET_DEFAULT, width=8, height=16, data="lat1"} => {width=8, height=16}) = 0`},
		{-22, names.GIO_UNIMAP, decodetest.Mem([2]uint64{3, 0x1234}), `ioctl(4, GIO_UNIMAP, {entry_ct=3 => 3, entries=0x1234}) = -1 EINVAL (Invalid argument)`},
		{0, names.PIO_UNIMAP, decodetest.Mem([2]uint64{1, uint64(decodetest.Mem([2]uint16{0x41, 0}))}), `ioctl(4, PIO_UNIMAP, {entry_ct=1, entries=[{unicode=0x41, fontpos=0}]}) = 0`},
	} {
		decodetest.WantLine(t, do(c.result, c.cmd, c.arg), c.want)
	}
	decodetest.InStyle(text.StyleRaw, func() {
		decodetest.WantLine(t, do(0, names.KDSKBENT, decodetest.Mem([2]uint16{0x0103, 0x0b5c})), `ioctl(4, 0x4b47, {kb_table=0x3, kb_index=1, kb_value=0xb5c}) = 0`)
		decodetest.WantLine(t, do(0, names.KIOCSOUND, 440), `ioctl(4, 0x4b2f, 440)                   = 0`)
	})
}

// TestShortKeyString: kb_string that ends in memory without a NUL.
func TestShortKeyString(t *testing.T) {
	p := decodetest.LastBytes(t, 1, 'x')
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_IOCTL, 4, names.KDSKBSENT, p), `ioctl(4, KDSKBSENT, {kb_func=KVAL(K_F2), kb_string=???}) = 0`)
	decodetest.WantLine(t, decodetest.As(0, unix.SYS_IOCTL, 4, names.KDSKBENT, p), `ioctl(4, KDSKBENT, {kb_table=K_SHIFTTAB, kb_index=120, kb_value=???}) = 0`)
}
