package rawsys

// ReadFSBase returns the calling thread's FS base. The kernel must let user code read it
// (HWCAP2_FSGSBASE in AT_HWCAP2, Linux 5.9), else RDFSBASE is #UD.
//
//go:noescape
func ReadFSBase() uint64
