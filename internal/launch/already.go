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
// (docs/decisions/one-library-per-process.md). It is known by its presence, where e_entry of its ELF header leads, or by the note of
// a file that it was written into (systrap rewrite).
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
		head := make([]uint64, 8) // Elf64_Ehdr (elf(5)): e_entry is the fourth word, then e_phoff, e_phnum in the last
		if !readAt(mem, base, head) || uint32(head[0]) != elfMagic || head[3] == 0 {
			continue
		}
		if num := head[7] & 0xffff; num != 0 && hasNote(mem, base, base+head[4]+(num-1)*phdrSize) {
			return true
		}
		magic := make([]uint64, 1)
		if at := base + head[3]; at%8 == 0 && readAt(mem, at+uint64(unsafe.Offsetof(inject.Presence{}.Magic)), magic) && magic[0] == inject.PresenceMagic {
			return true
		}
	}
	return false
}

const (
	elfMagic = 0x464c457f // "\x7fELF" as a number
	phdrSize = 56         // of Elf64_Phdr
	ptNote   = 4
)

// hasNote says whether the program header at addr is that of inject.Note.
func hasNote(mem *os.File, base, addr uint64) bool {
	var n inject.Note
	header, note := make([]uint64, 2), make([]uint64, unsafe.Sizeof(n)/8)
	if !readAt(mem, addr, header) || uint32(header[0]) != ptNote || !readAt(mem, base+header[1], note) {
		return false
	}
	n = *(*inject.Note)(unsafe.Pointer(&note[0]))
	return string(n.Name[:len(inject.NoteName)]) == inject.NoteName
}

// readAt reads words of a process's memory.
func readAt(mem *os.File, addr uint64, words []uint64) bool {
	n, err := unix.Pread(int(mem.Fd()), unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), 8*len(words)), int64(addr))
	return err == nil && n == 8*len(words)
}
