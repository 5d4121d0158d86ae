package common

import (
	"libsystrap/systrap/abi/names"
	"libsystrap/tracetool/text"
)

// The addresses of Bluetooth, IEEE 802.15.4 and amateur radio.

var (
	sSaHci     = []text.Field{{Kind: text.At, Arg: 4}, {Name: "hci_channel", Kind: text.V16, Arg: names.HciChannel}}
	sSaSco     = []text.Field{{Kind: text.At, Arg: 2}, {Name: "sco_bdaddr", Kind: text.Mac, Arg: 6}}
	sSaRc      = []text.Field{{Kind: text.At, Arg: 2}, {Name: "rc_bdaddr", Kind: text.Mac, Arg: 6}, {Name: "rc_channel", Kind: text.U8}}
	sSaL2      = []text.Field{{Kind: text.At, Arg: 4}, {Name: "l2_bdaddr", Kind: text.Mac, Arg: 6}}
	sSaL2Type  = []text.Field{{Kind: text.At, Arg: 12}, {Name: "l2_bdaddr_type", Kind: text.V8, Arg: names.Bdaddr}}
	sSaIeee    = []text.Field{{Kind: text.At, Arg: 4}, {Name: "addr_type", Kind: text.Verbose, Arg: names.IeeeAddrType}, {Name: "pan_id", Kind: text.Verbose16, Arg: names.IeeePan}}
	sSaIeeeAdr = []text.Field{{Kind: text.At, Arg: 10}, {Name: "short_addr", Kind: text.Verbose16, Arg: names.IeeeAddr}}
	sSaIeeeHw  = []text.Field{{Kind: text.At, Arg: 10}, {Name: "hwaddr", Kind: text.Mac, Arg: 8}}
)

// bluetooth prints an address of one of Bluetooth's protocols, told apart by
// its size (include/net/bluetooth).
func bluetooth(p *text.Printer, w *text.Window) {
	n := w.End
	switch n {
	case 4, 6:
		p.Str("hci_dev=htobs(")
		p.Uint(w.Num(2, 2))
		p.Byte(')')
		if n == 6 {
			p.FieldsIn(w, sSaHci, false)
		}
	case 8:
		p.FieldsIn(w, sSaSco, true)
	case 10:
		p.FieldsIn(w, sSaRc, true)
	case 12, 14:
		p.Str("l2_psm=htobs(")
		channel(p, names.L2Psm, w.Num(2, 2), 0x80, 0xff, 0x1001)
		p.Byte(')')
		p.FieldsIn(w, sSaL2, false)
		p.Str(", l2_cid=htobs(")
		channel(p, names.L2Cid, w.Num(10, 2), 1, 0, 0x40)
		p.Byte(')')
		if n == 14 {
			p.FieldsIn(w, sSaL2Type, false)
		}
	default:
		p.Str("sa_data=")
		p.WinText(w, 2, n)
	}
}

// channel prints a number of which some are named and others are dynamic: from
// lo to hi, and from dyn on.
func channel(p *text.Printer, x names.ID, v, lo, hi, dyn uint64) {
	s := text.NameOf(x, v)
	base := uint64(0)
	switch {
	case s != "":
	case v >= lo && v <= hi:
		base, s = lo, text.NameOf(x, lo)
	case v >= dyn:
		base, s = dyn, text.NameOf(x, dyn)
	}
	if s == "" {
		p.AltHex(v)
		if text.Opt.Style != text.StyleRaw {
			p.Comment(names.Tables[x].Unknown.String())
		}
		return
	}
	if !p.Named(v, text.Hexadecimal) {
		return
	}
	if base == 0 {
		p.Str(s)
	} else {
		p.Constant(base, s, "", text.Hexadecimal)
		p.Byte('+')
		p.Uint(v - base)
	}
	p.EndNamed()
}

func ieee802154(p *text.Printer, w *text.Window) {
	p.Str("addr={")
	p.FieldsIn(w, sSaIeee, true)
	switch w.Num(4, 4) {
	case 0: // IEEE802154_ADDR_NONE
	case 2: // IEEE802154_ADDR_SHORT
		p.FieldsIn(w, sSaIeeeAdr, false)
	default:
		p.FieldsIn(w, sSaIeeeHw, false)
	}
	p.Byte('}')
}

// ax25 prints struct sockaddr_ax25 or, if there is more, full_sockaddr_ax25
// (linux/ax25.h).
func ax25(p *text.Printer, w *text.Window) {
	n := w.End
	const digis, callLen, short = 8, 7, 16
	count := int32(w.Num(12, 4))
	full := count != 0 || n > short
	if full {
		p.Str("fsa_ax25={")
	}
	p.Str("sax25_call=")
	callsign(p, w.Bytes(2, callLen))
	p.FieldInt("sax25_ndigis", int64(count))
	if !full {
		return
	}
	p.Byte('}')
	has := (n - short) / callLen
	if has > digis {
		has = digis
	}
	want := uint64(0)
	if count > 0 {
		want = uint64(count)
	}
	if want > digis {
		want = digis
	}
	if want > 0 {
		p.Str(", fsa_digipeater=[")
		shown := min(has, want)
		for i := uint64(0); i < shown; i++ {
			if i > 0 {
				p.Comma()
			}
			callsign(p, w.Bytes(short+callLen*i, callLen))
		}
		if want > has {
			if shown > 0 {
				p.Comma()
			}
			p.Str("...")
		}
		p.Byte(']')
	}
	if n > has*callLen+short {
		p.Str(", ...")
	}
}

// callsign prints an amateur's call sign: characters shifted left by one bit
// and a number behind them.
func callsign(p *text.Printer, b []byte) {
	style := callStyle(b)
	if style == text.StyleAbbrev {
		style = text.Opt.Style
	}
	if style != text.StyleAbbrev {
		p.Str("{ax25_call=\"")
		for _, c := range b {
			p.Str("\\x")
			p.HexDigits(uint64(c), 2)
		}
		p.Str("\"}")
	}
	if style == text.StyleRaw {
		return
	}
	if style == text.StyleVerbose {
		p.Str(" /* ")
	}
	end := 6
	for end > 0 && b[end-1]>>1 == ' ' {
		end--
	}
	ssid := uint64(b[6] >> 1 & 0xf)
	if end == 0 && ssid == 0 {
		p.Byte('*')
	} else {
		for _, c := range b[:end] {
			p.Byte(c >> 1)
		}
		p.Byte('-')
		p.Uint(ssid)
	}
	if style == text.StyleVerbose {
		p.Str(" */")
	}
}

// callStyle says how far a call sign is what it should be: xlatAbbrev if it is
// one, xlatVerbose if it could be read as one, xlatRaw if not.
func callStyle(b []byte) text.Style {
	style := text.StyleAbbrev
	space, char := false, false
	for _, c := range b[:6] {
		odd := c&1 != 0
		c >>= 1
		if c == ' ' {
			space = true
		} else {
			char = true
		}
		if c < ' ' || c > 0x7e || c == '*' || c == '/' {
			return text.StyleRaw
		}
		if odd || c != ' ' && ((c < '0' || c > '9') && (c < 'A' || c > 'Z') || space) {
			style = text.StyleVerbose
		}
	}
	if b[6]&^0x1e != 0 || !char && b[6] != 0 {
		style = text.StyleVerbose
	}
	return style
}
