package rewrite

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"testing"

	"golang.org/x/arch/x86/x86asm"
)

// TestStubs: each stub decodes as a whole, calls the library's entry and goes on where it is to, whichever of its parts it has.
func TestStubs(t *testing.T) {
	const at, base, pairs, init, next, stackEnd, later = 0x500000, 0x400000, 0x501000, 0x602000, 0x401000, 0x403000, 0x404000
	for name, c := range map[string]struct {
		make func(uint64, *start) []byte
		s    start
		refs []uint64
		ends x86asm.Op
	}{
		"program at its address": {programStub, start{base: base, init: init, next: next}, []uint64{init, next}, x86asm.JMP},
		"program":                {programStub, start{base: base, pairs: pairs, pairsN: 3, init: init, next: next}, []uint64{base, pairs, init, next}, x86asm.JMP},
		"resolver":               {libraryStub, start{base: base, pairs: pairs, pairsN: 3, init: init, next: next}, []uint64{base, pairs, init, next}, x86asm.JMP},
		"resolver of libc":       {libraryStub, start{base: base, pairs: pairs, pairsN: 3, init: init, next: next, stackEnd: stackEnd}, []uint64{base, pairs, stackEnd, init, next}, x86asm.JMP},
		"later":                  {laterStub, start{later: later}, []uint64{later}, x86asm.RET},
		"later, of two":          {laterStub, start{later: later, laterNext: next}, []uint64{later, next}, x86asm.JMP},
		"initialiser":            {libraryStub, start{base: base, pairs: pairs, pairsN: 3, init: init}, []uint64{base, pairs, init}, x86asm.RET},
	} {
		t.Run(name, func(t *testing.T) {
			b := c.make(at, &c.s)
			var refs []uint64
			var last x86asm.Inst
			starts := map[uint64]bool{}
			var again, call uint64
			var skips []uint64
			for pc := uint64(at); pc < at+uint64(len(b)); {
				in, err := x86asm.Decode(b[pc-at:], 64)
				if err != nil {
					t.Fatalf("at %#x: %v", pc, err)
				}
				starts[pc] = true
				pc += uint64(in.Len)
				for _, a := range in.Args {
					switch a := a.(type) {
					case x86asm.Reg:
						if in.Op == x86asm.CALL {
							call = pc // what skips it goes behind it
						}
					case x86asm.Rel:
						switch in.Op {
						case x86asm.JNE:
							again = pc + uint64(int64(a))
						case x86asm.JE:
							skips = append(skips, pc+uint64(int64(a)))
						default:
							if in.Op == x86asm.CALL {
								call = pc - uint64(in.Len)
							}
							refs = append(refs, pc+uint64(int64(a)))
						}
					case x86asm.Mem:
						if a.Base == x86asm.RIP {
							refs = append(refs, pc+uint64(int64(int32(a.Disp))))
						}
					}
				}
				last = in
			}
			if last.Op != c.ends || len(refs) != len(c.refs) {
				t.Fatalf("ends with %v, refers to %#x", last, refs)
			}
			for i := range refs {
				if refs[i] != c.refs[i] {
					t.Errorf("refers to %#x, want %#x", refs, c.refs)
				}
			}
			if (c.s.pairsN != 0) != (again != 0) || again != 0 && !starts[again] {
				t.Errorf("the loop goes to %#x", again)
			}
			for _, skip := range skips {
				if skip != call {
					t.Errorf("a jump goes to %#x, want the call at %#x", skip, call)
				}
			}
		})
	}
}

// header makes a file with one segment, and its program headers.
func header(kind elf.Type, progs ...elf.Prog64) []byte {
	var b bytes.Buffer
	h := elf.Header64{Type: uint16(kind), Machine: uint16(elf.EM_X86_64), Version: 1, Phoff: ehdrSize, Ehsize: ehdrSize, Phentsize: phdrSize, Phnum: uint16(len(progs))}
	copy(h.Ident[:], "\x7fELF\x02\x01\x01")
	binary.Write(&b, binary.LittleEndian, h)
	binary.Write(&b, binary.LittleEndian, progs)
	return append(b.Bytes(), make([]byte, 2*pageSize-b.Len())...)
}

func TestRefusals(t *testing.T) {
	load := elf.Prog64{Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_X), Vaddr: 0x400000, Filesz: 2 * pageSize, Memsz: 2 * pageSize, Align: pageSize}
	far := load
	far.Vaddr, far.Off = 0x400000+4<<30, 0
	outside := load
	outside.Filesz = 1 << 40
	late := load
	late.Off, late.Filesz = pageSize, pageSize
	packed := header(elf.ET_EXEC, load)
	copy(packed[512:], "UPX!")
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"core":               {header(elf.ET_CORE, load), errCore},
		"upx":                {packed, errUPX},
		"no segments":        {header(elf.ET_EXEC), errNoLoads},
		"no header in it":    {header(elf.ET_EXEC, late), errNoLoads},
		"outside":            {header(elf.ET_EXEC, outside), errHeaders},
		"headers outside":    {header(elf.ET_EXEC, load)[:ehdrSize+10], errHeaders},
		"shorter":            {header(elf.ET_EXEC, load)[:20], errHeaders},
		"large":              {header(elf.ET_EXEC, load, far), errTooLarge},
		"no calls":           {header(elf.ET_EXEC, load), errNoSites},
		"a tool of no build": {append(header(elf.ET_EXEC, load), 0), errNoSites},
	} {
		_, err := func() (*file, error) {
			f, err := read(c.data)
			if err == nil {
				err = (&writer{file: f}).findSites()
			}
			return f, err
		}()
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
