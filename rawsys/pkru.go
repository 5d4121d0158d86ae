package rawsys

// ReadPKRU returns the rights register of protection keys: two bits for each
// key, access disabled and write disabled (SDM vol. 3, 4.6.2). It faults unless
// the kernel has switched protection keys on.
//
//go:noescape
func ReadPKRU() uint32

// WritePKRU sets it, for the calling thread. It faults as ReadPKRU does.
//
//go:noescape
func WritePKRU(v uint32)

// CPUID returns what the CPUID instruction leaves in EBX and ECX.
//
//go:noescape
func CPUID(leaf, sub uint32) (ebx, ecx uint32)
