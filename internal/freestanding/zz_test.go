package freestanding

import (
	"debug/elf"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"golang.org/x/arch/x86/x86asm"
)

func TestOps(t *testing.T) {
	f, _ := elf.Open(os.Getenv("BIN"))
	syms, _ := f.Symbols()
	txt := f.Section(".text")
	d, _ := txt.Data()
	cnt := map[string]int{}
	bad := map[string]int{}
	for _, s := range syms {
		if elf.ST_TYPE(s.Info) != elf.STT_FUNC || s.Value < txt.Addr {
			continue
		}
		b := d[s.Value-txt.Addr : s.Value-txt.Addr+s.Size]
		for len(b) > 0 {
			in, err := x86asm.Decode(b, 64)
			if err != nil {
				bad[s.Name+fmt.Sprintf(" % x", b[:min(len(b), 6)])]++
				break
			}
			args := ""
			for _, a := range in.Args {
				switch a.(type) {
				case x86asm.Reg:
					args += " r"
				case x86asm.Mem:
					args += " m"
				case x86asm.Imm:
					args += " i"
				case x86asm.Rel:
					args += " j"
				}
			}
			_ = args
			cnt[in.Op.String()]++
			b = b[in.Len:]
		}
	}
	var ks []string
	for k := range cnt {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	fmt.Println(strings.Join(ks, " "))
	for k := range bad {
		fmt.Println(k)
	}
}
