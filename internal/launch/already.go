package launch

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"libsystrap/internal/inject"
)

// holdsTool says whether a process has a library of ours in it, whichever way it has come there: there can be one
// (docs/decisions/one-library-per-process.md). It is known by its presence, where e_entry of its ELF header leads.
func holdsTool(process int) bool {
	maps, _ := os.ReadFile(fmt.Sprintf("/proc/%d/maps", process))
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", process))
	if err != nil {
		return false
	}
	defer mem.Close()
	for line := range strings.Lines(string(maps)) {
		f := strings.Fields(line) // address perms offset dev inode pathname (proc(5))
		if len(f) < 6 || strings.Trim(f[2], "0") != "" || f[1][0] != 'r' {
			continue
		}
		start, _, _ := strings.Cut(f[0], "-")
		base, _ := strconv.ParseUint(start, 16, 64)
		const entryAt, size = 24, 32
		head := make([]uint64, size/8)
		if !readAt(mem, base, head) || uint32(head[0]) != elfMagic || head[entryAt/8] == 0 {
			continue
		}
		magic := make([]uint64, 1)
		if at := base + head[entryAt/8]; at%8 == 0 && readAt(mem, at+uint64(unsafe.Offsetof(inject.Presence{}.Magic)), magic) && magic[0] == inject.PresenceMagic {
			return true
		}
	}
	return false
}

const elfMagic = 0x464c457f // "\x7fELF" as a number

// readAt reads words of a process's memory.
func readAt(mem *os.File, addr uint64, words []uint64) bool {
	n, err := unix.Pread(int(mem.Fd()), unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), 8*len(words)), int64(addr))
	return err == nil && n == 8*len(words)
}
