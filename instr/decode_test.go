package instr

import (
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
)

// decodeCases holds the bytes of instructions beside their mnemonics (AT&T), and what Decode must
// see: the class when it is not Other, a status when it is not OK, and details as
// name=value pairs.
var decodeCases = []struct{ bytes, mnemonic, want string }{
	{"0f 05", "syscall", "class=syscall"},
	{"48 0f 05", "rex.W syscall", "class=syscall prefixes=1"},
	{"f3 0f 05", "repz syscall", "class=syscall prefixes=1"},
	{"66 2e 49 0f 05", "data16 cs rex.WB syscall", "class=syscall prefixes=3"},
	{"f0 0f 05", "lock syscall: #UD", "invalid"},
	{"0f 34", "sysenter", "class=sysenter"},
	{"cd 80", "int $0x80", "class=int80 imm=1@1"},
	{"cd 81", "int $0x81", "imm=1@1"},
	{"0f 0b", "ud2", "class=ud2"},
	{"0f b9 c0", "ud1 %eax,%eax", "class=ud"},
	{"0f ff c0", "ud0 %eax,%eax", "class=ud"},
	{"f4", "hlt", "class=hlt"},
	{"cc", "int3", "class=int3"},
	{"f1", "int1", ""},

	{"eb fe", "jmp .", "class=jump target=-2"},
	{"e9 01 02 03 04", "jmp rel32", "class=jump target=67305985 imm=4@1"},
	{"66 e9 01 02 03 04", "jmp rel32, Intel: 66 ignored", "class=jump vendor imm=4@2"},
	{"66 48 e9 01 02 03 04", "rex.W jmp rel32, the same for AMD", "class=jump imm=4@3"},
	{"66 e8 00 00 00 00", "call rel32, Intel: 66 ignored", "class=call vendor imm=4@2"},
	{"66 66 48 e8 00 00 00 00", "data16 rex.W call __tls_get_addr", "class=call imm=4@4"},
	{"66 0f 84 00 00 00 00", "je rel32, Intel: 66 ignored", "class=condjump vendor imm=4@3"},
	{"ff e0", "jmp *%rax", "class=jump indirect"},
	{"3e ff e0", "notrack jmp *%rax", "class=jump indirect prefixes=1"},
	{"ff 25 10 00 00 00", "jmp *0x10(%rip)", "class=jump indirect disp=4@2 rip"},
	{"ff 2b", "ljmp *(%rbx)", "class=jump indirect"},
	{"ff e8", "ljmp with a register", "invalid"},
	{"ff 15 10 00 00 00", "call *0x10(%rip)", "class=call indirect disp=4@2 rip"},
	{"ff f8", "ff /7", "invalid"},
	{"e8 00 00 00 00", "call .+5", "class=call target=0"},
	{"74 80", "je .-126", "class=condjump target=-128"},
	{"0f 8f 00 01 00 00", "jg rel32", "class=condjump target=256"},
	{"e3 05", "jrcxz", "class=condjump target=5"},
	{"67 e2 05", "addr32 loop", "class=condjump target=5"},
	{"c7 f8 00 01 00 00", "xbegin rel32", "class=condjump target=256 imm=4@2"},
	{"66 c7 f8 00 01", "xbegin rel16", "class=condjump target=256 imm=2@3"},
	{"c6 f8 05", "xabort $5", "imm=1@2"},
	{"c3", "ret", "class=ret"},
	{"f3 c3", "repz ret", "class=ret"},
	{"c2 0f 05", "ret $0x50f", "class=ret imm=2@1"},
	{"cb", "lret", "class=ret"},
	{"48 cf", "iretq", "class=ret"},

	{"90", "nop", "class=nop"},
	{"f3 90", "pause", "class=nop"},
	{"41 90", "xchg %eax,%r8d", ""},
	{"66 90", "xchg %ax,%ax", "class=nop"},
	{"0f 1f 84 00 0f 05 00 00", "nopl 0x50f(%rax,%rax,1)", "class=nop disp=4@4"},
	{"66 66 2e 0f 1f 84 00 00 00 00 00", "data16 cs nopw", "class=nop"},
	{"f3 0f 1e fa", "endbr64", "class=nop"},
	{"f3 0f 1e fb", "endbr32", "class=nop"},
	{"0f 1e c8", "hint nop", "class=nop"},
	{"9b", "fwait", ""},

	{"b8 0f 05 00 00", "mov $0x50f,%eax", "imm=4@1"},
	{"48 b8 00 00 0f 05 00 00 00 00", "movabs $0x50f0000,%rax", "imm=8@2"},
	{"66 b8 0f 05", "mov $0x50f,%ax", "imm=2@2"},
	{"66 48 b8 01 02 03 04 05 06 07 08", "movabs, REX.W over 66", "imm=8@3"},
	{"48 66 b8 0f 05", "a REX before another prefix is void", "imm=2@3"},
	{"48 41 b8 01 02 03 04", "a REX before another REX is void", "imm=4@3"},
	{"a0 01 02 03 04 05 06 07 08", "movabs 0x807060504030201,%al", "disp=8@1"},
	{"67 a1 01 02 03 04", "addr32 mov 0x4030201,%eax", "disp=4@2"},
	{"48 a3 01 02 03 04 05 06 07 08", "movabs %rax,0x807060504030201", "disp=8@2"},
	{"c8 0f 05 00", "enter $0x50f,$0", "imm=3@1"},
	{"f6 c0 05", "test $5,%al", "imm=1@2"},
	{"f6 c8 05", "test $5,%al (alias /1)", "imm=1@2"},
	{"f6 d0", "not %al", ""},
	{"f7 05 01 00 00 00 0f 05 00 00", "testl $0x50f,1(%rip)", "disp=4@2 imm=4@6 rip"},
	{"66 f7 c0 0f 05", "test $0x50f,%ax", "imm=2@3"},
	{"f7 e0", "mul %eax", ""},
	{"81 c3 0f 05 00 00", "add $0x50f,%ebx", "imm=4@2"},
	{"66 81 c3 0f 05", "add $0x50f,%bx", "imm=2@3"},
	{"83 c3 05", "add $5,%ebx", "imm=1@2"},
	{"68 0f 05 00 00", "push $0x50f", "imm=4@1"},
	{"6a 05", "push $5", "imm=1@1"},
	{"69 c0 0f 05 00 00", "imul $0x50f,%eax,%eax", "imm=4@2"},
	{"8b 04 25 0f 05 00 00", "mov 0x50f,%eax", "disp=4@3 sib=25"},
	{"8b 44 24 05", "mov 5(%rsp),%eax", "disp=1@3 sib=24"},
	{"8b 05 0f 05 00 00", "mov 0x50f(%rip),%eax", "disp=4@2 rip"},
	{"8b 45 00", "mov (%rbp),%eax", "disp=1@2"},
	{"48 8d 0f", "lea (%rdi),%rcx", ""},
	{"8d c0", "lea with a register", "invalid"},
	{"41 0f 22 04", "mov %r12,%cr0, mod is ignored", ""},
	{"0f 20 c0", "mov %cr0,%rax", ""},
	{"0f ba e0 05", "bt $5,%eax", "imm=1@3"},
	{"0f ba c0 05", "0f ba /0", "invalid"},
	{"0f a4 c0 05", "shld $5,%eax,%eax", "imm=1@3"},
	{"8f 00", "pop (%rax)", ""},
	{"8f c0", "pop %rax", ""},
	{"8e d8", "mov %eax,%ds", ""},
	{"8e c8", "mov %eax,%cs", "invalid"},
	{"8c f0", "mov of segment register 6", "invalid"},
	{"0f 01 f8", "swapgs", ""},
	{"0f c7 f0", "rdrand %eax", ""},
	{"d9 d1", "d9 /2 reserved", "invalid"},
	{"df e0", "fnstsw %ax", ""},

	{"0f 10 c1", "movups", ""},
	{"f3 0f 10 c1", "movss", ""},
	{"66 0f 28 c1", "movapd", ""},
	{"f3 0f 28 c1", "movaps with f3", "invalid"},
	{"0f f7 c1", "maskmovq", ""},
	{"66 0f f7 01", "maskmovdqu with memory", "invalid"},
	{"66 0f 78 c0 0f 05", "extrq $5,$0xf,%xmm0", "imm=2@4"},
	{"f2 0f 78 c1 0f 05", "insertq $5,$0xf,%xmm1,%xmm0", "imm=2@4"},
	{"0f 78 c1", "vmread %rax,%rcx", ""},
	{"0f 38 00 c1", "pshufb", ""},
	{"66 0f 3a 0f c1 05", "palignr $5", "imm=1@5"},
	{"f2 48 0f 38 f1 c0", "crc32q", ""},
	{"0f 0f c1 9e", "pfadd", "enc=3dnow"},
	{"0f 0f 05 00 00 00 00 9e", "pfadd 0(%rip)", "enc=3dnow disp=4@3 rip"},
	{"0f 0f c1 05", "3DNow! suffix 05", "invalid"},

	{"c5 f8 77", "vzeroupper", "enc=vex2"},
	{"c5 fb 10 05 0f 05 00 00", "vmovsd 0x50f(%rip),%xmm0", "enc=vex2 disp=4@4 rip"},
	{"c4 e3 7d 39 c1 05", "vextracti128 $5", "enc=vex3 imm=1@5"},
	{"c4 e2 79 90 04 08", "vpgatherdd", "enc=vex3 sib=08"},
	{"c4 e2 79 90 00", "vpgatherdd without SIB", "invalid"},
	{"c5 f1 73 d9 05", "vpsrldq $5", "enc=vex2 imm=1@4"},
	{"66 c5 f8 77", "66 before VEX", "invalid"},
	{"48 c5 f8 77", "REX before VEX", "invalid"},
	{"67 c5 fb 10 00", "67 before VEX", "enc=vex2 prefixes=1"},
	{"c4 e0 78 77 00", "VEX map 0", "invalid"},
	{"c4 e7 7b f8 c0 01 02 03 04", "VEX map 7 (URDMSR): rejected", "invalid"},
	{"c4 e2 78 49 c0", "tilerelease", "enc=vex3"},
	{"c4 e2 7b 4b 04 08", "tileloadd", "enc=vex3 sib=08"},
	{"c4 e2 72 5c c2", "tdpbf16ps", "enc=vex3"},
	{"62 f1 7c 48 10 00", "vmovups (%rax),%zmm0", "enc=evex"},
	{"62 f1 7c 48 10 40 05", "vmovups 0x140(%rax),%zmm0", "enc=evex disp=1@6"},
	{"62 f3 7d 48 3b c1 05", "vextracti32x8 $5", "enc=evex imm=1@6"},
	{"62 f5 7c 48 58 c1", "vaddph (FP16, map 5)", "enc=evex"},
	{"62 f6 7d 48 98 c1", "vfmadd132ph (FP16, map 6)", "enc=evex"},
	{"62 f1 7c 78 58 c1", "vaddps {rz-sae}", "enc=evex"},
	{"62 f4 7c 08 01 c1", "EVEX map 4 (APX): rejected", "invalid"},
	{"62 f9 7c 48 10 00", "EVEX with B4 (APX): rejected", "invalid"},
	{"62 f1 78 48 10 00", "EVEX with U cleared (APX): rejected", "invalid"},
	{"d5 00 0f 05", "REX2 (APX): rejected", "invalid"},
	{"8f e8 78 c0 c1 05", "vprotb $5 (XOP)", "enc=xop imm=1@5"},
	{"8f e9 78 01 c8", "blcfill (XOP)", "enc=xop"},
	{"8f ea 78 10 c1 0f 05 00 00", "bextr $0x50f (XOP)", "enc=xop imm=4@5"},

	{"06", "push %es", "invalid"}, {"27", "daa", "invalid"}, {"60", "pusha", "invalid"},
	{"82 c0 05", "82", "invalid"}, {"9a 01 02 03 04 05 06", "lcall", "invalid"},
	{"ce", "into", "invalid"}, {"d4 0a", "aam", "invalid"}, {"d6", "salc", "invalid"},
	{"ea 01 02 03 04 05 06", "ljmp", "invalid"}, {"0f 04", "0f 04", "invalid"},
	{"", "nothing", "truncated"}, {"0f", "0f", "truncated"}, {"48", "rex.W", "truncated"},
	{"b8 01 02 03", "mov with 3 of 4 bytes", "truncated"}, {"c5 f8", "VEX", "truncated"},
	{"62 f1 7c 48", "EVEX", "truncated"}, {"8b 04", "SIB missing", "truncated"},
	{"66 66 66 66 66 66 66 66 66 66 66 66 66 0f 05", "15 bytes", "class=syscall prefixes=13"},
	{"66 66 66 66 66 66 66 66 66 66 66 66 66 66 0f 05", "16 bytes", "too long"},
	{"66 66 66 66 66 66 66 66 66 66 66 66 66 66 90", "15 bytes", "class=nop prefixes=14"},
	{"66 66 66 66 66 66 66 66 66 66 66 66 66 66 66", "15 prefixes", "too long"},
	{"2e 2e 2e 2e 2e 2e 2e 2e 81 05 01 02 03 04 05", "more than 15 bytes needed", "too long"},
}

// describe puts in into the words of decodeCases, except class Other.
func (in *Inst) describe(st Status) map[string]bool {
	d := map[string]bool{}
	if st != OK {
		d[st.String()] = true
		return d
	}
	add := func(cond bool, s string) {
		if cond {
			d[s] = true
		}
	}
	add(in.Class != Other, "class="+in.Class.String())
	add(in.Enc != Legacy, "enc="+in.Enc.String())
	add(in.PrefixLen > 0, "prefixes="+itoa(int64(in.PrefixLen)))
	add(in.ImmLen > 0, "imm="+itoa(int64(in.ImmLen))+"@"+itoa(int64(in.ImmOff)))
	add(in.DispLen > 0, "disp="+itoa(int64(in.DispLen))+"@"+itoa(int64(in.DispOff)))
	add(in.HasSIB, "sib="+hex.EncodeToString([]byte{in.SIB}))
	add(in.RIPRelative, "rip")
	add(in.Indirect, "indirect")
	add(in.VendorDependent, "vendor")
	add(in.HasTarget, "target="+itoa(in.Rel))
	return d
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecode(t *testing.T) {
	for _, c := range decodeCases {
		code := unhex(t, c.bytes)
		var in Inst
		st := Decode(code, &in)
		got := in.describe(st)
		words := strings.Fields(c.want)
		if c.want == "too long" {
			words = []string{c.want}
		}
		for _, w := range words {
			if !got[w] {
				t.Errorf("%s (%s): no %q, but %v", c.bytes, c.mnemonic, w, got)
			}
		}
		if !strings.Contains(c.want, "class=") && st == OK && in.Class != Other {
			t.Errorf("%s (%s): class %v", c.bytes, c.mnemonic, in.Class)
		}
		switch {
		case st == OK && int(in.Len) != len(code):
			t.Errorf("%s (%s): length %d", c.bytes, c.mnemonic, in.Len)
		case st == OK && len(words) == 0 && (in.HasTarget || in.ImmLen > 0 || in.DispLen > 1):
			t.Errorf("%s (%s): %v", c.bytes, c.mnemonic, got)
		case st != OK && len(words) == 0:
			t.Errorf("%s (%s): %v", c.bytes, c.mnemonic, st)
		}
		checkPrefixes(t, code, st, &in)
	}
}

// checkPrefixes checks that code cut short anywhere is Truncated, that Length agrees, and that
// bytes behind it change nothing.
func checkPrefixes(t *testing.T, code []byte, st Status, in *Inst) {
	t.Helper()
	if st != OK {
		if n := Length(code); n != 0 {
			t.Errorf("% x: Length %d, status %v", code, n, st)
		}
		return
	}
	for n := range code {
		var cut Inst
		if got := Decode(code[:n:n], &cut); got != Truncated {
			t.Errorf("% x cut to %d bytes: %v", code, n, got)
		}
	}
	for _, fill := range []byte{0x00, 0x05, 0x24, 0xff} {
		long := append([]byte(nil), code...)
		for len(long) < 20 {
			long = append(long, fill)
		}
		var again Inst
		if got := Decode(long, &again); got != OK || again != *in {
			t.Errorf("% x: with % x behind it %+v, alone %+v", code, fill, again, *in)
		}
		if n := Length(long); n != len(code) {
			t.Errorf("% x: Length %d", long, n)
		}
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	add := func(s string) {
		if s == "" || strings.HasSuffix(s, "?") || seen[s] {
			t.Errorf("name %q", s)
		}
		seen[s] = true
	}
	for c := Class(0); c < numClasses; c++ {
		add(c.String())
	}
	for s := Status(0); s < numStatuses; s++ {
		add(s.String())
	}
	for e := Encoding(0); e < numEncodings; e++ {
		add(e.String())
	}
	for r := Reason(0); r < NumReasons; r++ {
		add(r.String())
	}
	for s := Source(0); s < numSources; s++ {
		add(s.String())
	}
}
