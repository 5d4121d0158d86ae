package rewrite

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"libsystrap/internal/inject"
)

// tool is the library that is appended. Addresses are relative to its base.
type tool struct {
	data           []byte
	loads          []elf.Prog64
	end            uint64 // of its memory
	init, presence uint64
	slots          uint64 // the first one's address
	jumpDoor       uint64
	relocs         []elf.Rela64
}

// Names of what the core has, and how its slots are laid out (internal/core/jumpslots.go).
const (
	slotsSymbol    = "libsystrap/internal/core.slots"
	jumpDoorSymbol = "libsystrap/internal/core.jumpDoor"
	slotsAlign     = 2048
	slotSize       = 32
	slotCount      = 2048
)

var errOldTool = errors.New("the tool is of another build: make it again")

// readTool takes a library that `systrap build` has made and verified apart.
func readTool(data []byte) (*tool, error) {
	e, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	t := &tool{data: data, presence: e.Entry}
	for _, p := range e.Progs {
		if p.Type == elf.PT_LOAD {
			t.loads = append(t.loads, elf.Prog64{Type: uint32(p.Type), Flags: uint32(p.Flags), Off: p.Off, Vaddr: p.Vaddr,
				Filesz: p.Filesz, Memsz: p.Memsz, Align: pageSize})
			t.end = p.Vaddr + p.Memsz
		}
	}
	if init, err := e.DynValue(elf.DT_INIT); err == nil && len(init) == 1 {
		t.init = init[0]
	}
	if s := e.Section(".rela"); s != nil {
		b, err := s.Data()
		if err != nil {
			return nil, err
		}
		t.relocs = make([]elf.Rela64, len(b)/relaSize)
		binary.Read(bytes.NewReader(b), binary.LittleEndian, t.relocs)
	}
	symbols, err := e.Symbols()
	if err != nil {
		return nil, fmt.Errorf("the tool has no symbols: %w", err)
	}
	for _, s := range symbols {
		switch strings.TrimSuffix(s.Name, ".abi0") {
		case slotsSymbol:
			t.slots = (s.Value + slotsAlign - 1) &^ (slotsAlign - 1)
		case jumpDoorSymbol:
			t.jumpDoor = s.Value
		}
	}
	var p inject.Presence
	if off := t.offset(t.presence); off != 0 {
		binary.Read(bytes.NewReader(data[off:]), binary.LittleEndian, &p)
	}
	if p.Magic != inject.PresenceMagic || p.Version != inject.Version || t.init == 0 || t.slots == 0 || t.jumpDoor == 0 {
		return nil, errOldTool
	}
	for _, r := range t.relocs {
		if elf.R_X86_64(uint32(r.Info)) != elf.R_X86_64_RELATIVE || t.offset(r.Off) == 0 {
			return nil, errOldTool
		}
	}
	return t, nil
}

// offset returns where in the file the byte at an address lies, or 0.
func (t *tool) offset(addr uint64) uint64 {
	for _, p := range t.loads {
		if addr >= p.Vaddr && addr-p.Vaddr < p.Filesz {
			return p.Off + addr - p.Vaddr
		}
	}
	return 0
}
