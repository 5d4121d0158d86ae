package tracetool

// The addresses of Bluetooth, IEEE 802.15.4 and amateur radio.

var (
	sSaHci     = []field{{"", fAt, 4}, {"hci_channel", fV16, xHciChannel}}
	sSaSco     = []field{{"", fAt, 2}, {"sco_bdaddr", fMac, 6}}
	sSaRc      = []field{{"", fAt, 2}, {"rc_bdaddr", fMac, 6}, {"rc_channel", fU8, 0}}
	sSaL2      = []field{{"", fAt, 4}, {"l2_bdaddr", fMac, 6}}
	sSaL2Type  = []field{{"", fAt, 12}, {"l2_bdaddr_type", fV8, xBdaddr}}
	sSaIeee    = []field{{"", fAt, 4}, {"addr_type", fVerbose, xIeeeAddrType}, {"pan_id", fVerbose16, xIeeePan}}
	sSaIeeeAdr = []field{{"", fAt, 10}, {"short_addr", fVerbose16, xIeeeAddr}}
	sSaIeeeHw  = []field{{"", fAt, 10}, {"hwaddr", fMac, 8}}
)

// bluetooth prints an address of one of Bluetooth's protocols, told apart by
// its size (include/net/bluetooth).
func (p *printer) bluetooth(w *window) {
	n := w.end
	switch n {
	case 4, 6:
		p.Str("hci_dev=htobs(")
		p.Uint(w.num(2, 2))
		p.Byte(')')
		if n == 6 {
			p.fieldsIn(w, sSaHci, false)
		}
	case 8:
		p.fieldsIn(w, sSaSco, true)
	case 10:
		p.fieldsIn(w, sSaRc, true)
	case 12, 14:
		p.Str("l2_psm=htobs(")
		p.channel(xL2Psm, w.num(2, 2), 0x80, 0xff, 0x1001)
		p.Byte(')')
		p.fieldsIn(w, sSaL2, false)
		p.Str(", l2_cid=htobs(")
		p.channel(xL2Cid, w.num(10, 2), 1, 0, 0x40)
		p.Byte(')')
		if n == 14 {
			p.fieldsIn(w, sSaL2Type, false)
		}
	default:
		p.Str("sa_data=")
		p.winText(w, 2, n)
	}
}

// channel prints a number of which some are named and others are dynamic: from
// lo to hi, and from dyn on.
func (p *printer) channel(x nameID, v, lo, hi, dyn uint64) {
	s := name(x, v)
	base := uint64(0)
	switch {
	case s != "":
	case v >= lo && v <= hi:
		base, s = lo, name(x, lo)
	case v >= dyn:
		base, s = dyn, name(x, dyn)
	}
	if s == "" {
		p.hex(v)
		if look.xlat != xlatRaw {
			p.comment(xtabs[x].dflt)
		}
		return
	}
	if !p.named(v, hexBase) {
		return
	}
	if base == 0 {
		p.Str(s)
	} else {
		p.constant(base, s, "", hexBase)
		p.Byte('+')
		p.Uint(v - base)
	}
	p.endNamed()
}

func (p *printer) ieee802154(w *window) {
	p.Str("addr={")
	p.fieldsIn(w, sSaIeee, true)
	switch w.num(4, 4) {
	case 0: // IEEE802154_ADDR_NONE
	case 2: // IEEE802154_ADDR_SHORT
		p.fieldsIn(w, sSaIeeeAdr, false)
	default:
		p.fieldsIn(w, sSaIeeeHw, false)
	}
	p.Byte('}')
}

// ax25 prints struct sockaddr_ax25 or, if there is more, full_sockaddr_ax25
// (linux/ax25.h).
func (p *printer) ax25(w *window) {
	n := w.end
	const digis, callLen, short = 8, 7, 16
	count := int32(w.num(12, 4))
	full := count != 0 || n > short
	if full {
		p.Str("fsa_ax25={")
	}
	p.Str("sax25_call=")
	p.callsign(w.bytes(2, callLen))
	p.fieldInt("sax25_ndigis", int64(count))
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
				p.comma()
			}
			p.callsign(w.bytes(short+callLen*i, callLen))
		}
		if want > has {
			if shown > 0 {
				p.comma()
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
func (p *printer) callsign(b []byte) {
	style := callStyle(b)
	if style == xlatAbbrev {
		style = look.xlat
	}
	if style != xlatAbbrev {
		p.Str("{ax25_call=\"")
		for _, c := range b {
			p.Str("\\x")
			p.HexDigits(uint64(c), 2)
		}
		p.Str("\"}")
	}
	if style == xlatRaw {
		return
	}
	if style == xlatVerbose {
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
	if style == xlatVerbose {
		p.Str(" */")
	}
}

// callStyle says how far a call sign is what it should be: xlatAbbrev if it is
// one, xlatVerbose if it could be read as one, xlatRaw if not.
func callStyle(b []byte) xlatStyle {
	style := xlatAbbrev
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
			return xlatRaw
		}
		if odd || c != ' ' && ((c < '0' || c > '9') && (c < 'A' || c > 'Z') || space) {
			style = xlatVerbose
		}
	}
	if b[6]&^0x1e != 0 || !char && b[6] != 0 {
		style = xlatVerbose
	}
	return style
}
