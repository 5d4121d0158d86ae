package sysfoot

import (
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
	"libsystrap/tracetool"
)

// summaryText is more than the longest summary has, in bytes: a row for each call, mapping and thread.
const summaryText = (len(abi.Calls) + maxGroups + maxThreads + 8) * 128

// summary writes the sums of the process image in one piece. how says how it ends, "" for an exit.
func summary(how string) {
	if sums == nil || tracetool.Footprints() == tracetool.FootLibsystrap {
		return
	}
	if !sums.writing.CompareAndSwap(false, true) {
		return // another thread's execve is quicker
	}
	l := systrap.LineOn(sums.text[:])
	if tracetool.Footprints() == tracetool.FootJSON {
		jsonSummary(&l, how)
	} else {
		textSummary(&l, how)
	}
	tracetool.Summarised(l.Bytes())
	sums.writing.Store(false)
}

func textSummary(l *systrap.Line, how string) {
	tracetool.ThreadPrefix(l, systrap.Tid())
	l.Str("~~~ memory of process ")
	l.Int(int64(systrap.Pid()))
	if how != "" {
		l.Byte(' ')
		l.Str(how)
	}
	l.Str(", in bytes ~~~\n")
	l.Str(" ~   calls       read    written  call\n")
	for nr := range sums.byCall {
		s := &sums.byCall[nr]
		if n := s.calls.Load(); n > 0 && s.any() {
			row(l, s, n)
			l.Str(abi.Name(int64(nr)))
			l.Byte('\n')
		}
	}
	l.Str(" ~               read    written  mapping\n")
	for g := range groupCount {
		if s := &sums.byGroup[g]; s.any() {
			row(l, s, 0)
			groupName(l, g)
			l.Byte('\n')
		}
	}
	l.Str(" ~               read    written  thread\n")
	for i := range sums.byThread {
		if s := &sums.byThread[i]; s.any() {
			row(l, s, 0)
			threadName(l, i)
			l.Byte('\n')
		}
	}
}

func (s *sum) any() bool { return s.read.Load()|s.written.Load() != 0 }

// row begins a row with its numbers.
func row(l *systrap.Line, s *sum, calls uint64) {
	l.Str(" ~ ")
	if calls > 0 {
		right(l, calls, 7)
	} else {
		l.Str("       ")
	}
	l.Byte(' ')
	right(l, s.read.Load(), 10)
	l.Byte(' ')
	right(l, s.written.Load(), 10)
	l.Str("  ")
}

// right writes n to the right of a column.
func right(l *systrap.Line, n uint64, width int) {
	var buf [20]byte
	d := systrap.LineOn(buf[:])
	d.Uint(n)
	for range width - d.Len() {
		l.Byte(' ')
	}
	l.Raw(d.Bytes())
}

func threadName(l *systrap.Line, i int) {
	if i == maxThreads {
		l.Str("others")
		return
	}
	l.Int(int64(sums.tid[i].Load()))
}

func jsonSummary(l *systrap.Line, how string) {
	l.Str("{\"summary\":true,\"pid\":")
	l.Int(int64(systrap.Pid()))
	if how != "" {
		l.Str(",\"execs\":true")
	}
	l.Str(",\"calls\":[")
	first := true
	for nr := range sums.byCall {
		if s := &sums.byCall[nr]; s.any() {
			item(l, s, &first)
			l.Str(",\"calls\":")
			l.Uint(s.calls.Load())
			l.Str(",\"name\":\"")
			l.Str(abi.Name(int64(nr)))
			l.Str("\"}")
		}
	}
	l.Str("],\"mappings\":[")
	first = true
	for g := range groupCount {
		if s := &sums.byGroup[g]; s.any() {
			item(l, s, &first)
			var name [64]byte
			n := systrap.LineOn(name[:])
			groupName(&n, g)
			l.Str(",\"name\":\"")
			escape(l, n.Bytes())
			l.Str("\"}")
		}
	}
	l.Str("],\"threads\":[")
	first = true
	for i := range sums.byThread {
		if s := &sums.byThread[i]; s.any() {
			item(l, s, &first)
			l.Str(",\"name\":\"")
			threadName(l, i)
			l.Str("\"}")
		}
	}
	l.Str("]}\n")
}

// item begins a JSON object of sums.
func item(l *systrap.Line, s *sum, first *bool) {
	if !*first {
		l.Byte(',')
	}
	*first = false
	l.Str("{\"read\":")
	l.Uint(s.read.Load())
	l.Str(",\"written\":")
	l.Uint(s.written.Load())
}
