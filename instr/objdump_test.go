package instr

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"testing"
)

// line is one instruction as objdump prints it.
type line struct {
	addr uint64
	len  int
	text []byte // mnemonic and operands
}

// needObjdump skips the test where there is no objdump.
func needObjdump(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("objdump"); err != nil {
		t.Skip("objdump (binutils) is not installed")
	}
}

// objdump runs objdump with args and calls each for every instruction line. The text is valid
// during the call only.
func objdump(t testing.TB, each func(line), args ...string) {
	t.Helper()
	cmd := exec.Command("objdump", append([]string{"--insn-width=16", "-w"}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReaderSize(pipe, 1<<20)
	for {
		s, err := r.ReadSlice('\n')
		if err != nil {
			break
		}
		if l, ok := parseLine(s); ok {
			each(l)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("objdump %v: %v", args, err)
	}
}

// parseLine parses "  addr:\tb0 b1 ...  \ttext\n".
func parseLine(s []byte) (line, bool) {
	i := 0
	for i < len(s) && s[i] == ' ' {
		i++
	}
	var l line
	start := i
	for ; i < len(s); i++ {
		d, ok := hexDigit(s[i])
		if !ok {
			break
		}
		l.addr = l.addr<<4 | uint64(d)
	}
	if i == start || i+1 >= len(s) || s[i] != ':' || s[i+1] != '\t' {
		return l, false
	}
	i += 2
	for i+2 < len(s) {
		if _, ok := hexDigit(s[i]); !ok {
			break
		}
		l.len++
		i += 3
	}
	k := bytes.IndexByte(s[i:], '\t')
	if k < 0 {
		return l, false // data: the dump of a symbol of type object
	}
	l.text = bytes.TrimRight(s[i+k+1:], " \n")
	return l, l.len > 0
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}
