package footprint

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap"
)

// prctl adds what an argument of prctl(2) points to: kernel/sys.c, include/uapi/linux/prctl.h.
func (it *Iterator) prctl(addr uint64) {
	c := it.call
	switch option := int32(c.Args[0]); {
	case it.arg == 1:
		switch option {
		case unix.PR_GET_PDEATHSIG, unix.PR_GET_TSC, unix.PR_GET_CHILD_SUBREAPER:
			it.writes(addr, 4, 0, "")
		case unix.PR_GET_TID_ADDRESS:
			it.writes(addr, 8, 0, "")
		case unix.PR_SET_NAME:
			it.text(addr, 15, "") // TASK_COMM_LEN - 1
		case unix.PR_GET_NAME:
			it.writes(addr, 16, 0, "")
		case prGetAuxv:
			it.result(addr, c.Args[2], "")
		}
	case it.arg == 2 && option == unix.PR_SET_SECCOMP && c.Args[1] == unix.SECCOMP_MODE_FILTER:
		it.program(addr, "")
	case option == unix.PR_SET_MM && it.arg == 2:
		it.memoryMap(addr)
	case option == unix.PR_SET_VMA && it.arg == 2 && c.Args[1] == unix.PR_SET_VMA_ANON_NAME:
		it.maps(addr, c.Args[3], Keeps, "")
	case option == unix.PR_SET_VMA && it.arg == 4 && c.Args[1] == unix.PR_SET_VMA_ANON_NAME:
		it.text(addr, 80, "") // ANON_VMA_NAME_MAX_LEN
	case option == unix.PR_SCHED_CORE && it.arg == 4 && c.Args[1] == unix.PR_SCHED_CORE_GET:
		it.writes(addr, 8, 0, "")
	case option == prSetDispatch && it.arg == 4 && c.Args[1] != 0:
		it.later(ReadsLater, addr, 1, 0, "")
	}
}

const (
	prGetAuxv     = 0x41555856 // PR_GET_AUXV
	prSetDispatch = 59         // PR_SET_SYSCALL_USER_DISPATCH
)

// memoryMap adds what PR_SET_MM reads: struct prctl_mm_map, and the auxiliary vector.
func (it *Iterator) memoryMap(addr uint64) {
	switch it.call.Args[1] {
	case unix.PR_SET_MM_MAP:
		n := it.call.Args[3]
		if n != 104 {
			return // EINVAL
		}
		it.reads(addr, n, 0, "")
		it.reads(read64(addr+88), uint64(read32(addr+96)), MayChange, "auxv")
	case unix.PR_SET_MM_MAP_SIZE:
		it.writes(addr, 4, 0, "")
	case unix.PR_SET_MM_AUXV:
		it.reads(addr, it.call.Args[3], 0, "")
	}
}

// archPrctl adds what arch_prctl(2) writes: arch/x86/include/uapi/asm/prctl.h.
func (it *Iterator) archPrctl(addr uint64) {
	switch uint32(it.call.Args[0]) {
	case 0x1003, 0x1004, // ARCH_GET_FS, ARCH_GET_GS
		0x1021, 0x1022, 0x1024, // ARCH_GET_XCOMP_SUPP, _PERM, _GUEST_PERM
		0x4001, 0x4003, // ARCH_GET_UNTAG_MASK, _MAX_TAG_BITS
		0x5005: // ARCH_SHSTK_STATUS
		it.writes(addr, 8, 0, "")
	}
}

// keyctl adds what an argument of keyctl(2) points to: security/keys/keyctl.c.
func (it *Iterator) keyctl(addr uint64) {
	c := it.call
	size := c.Args[3]
	switch op := int32(c.Args[0]); {
	case op == unix.KEYCTL_JOIN_SESSION_KEYRING && it.arg == 1:
		it.text(addr, pathMax, "")
	case (op == unix.KEYCTL_UPDATE || op == unix.KEYCTL_INSTANTIATE) && it.arg == 2:
		it.reads(addr, size, 0, "")
	case op == unix.KEYCTL_SEARCH && it.arg == 2, op == unix.KEYCTL_RESTRICT_KEYRING && it.arg == 2:
		it.text(addr, keyType, "")
	case op == unix.KEYCTL_SEARCH && it.arg == 3, op == unix.KEYCTL_RESTRICT_KEYRING && it.arg == 3:
		it.text(addr, pathMax, "")
	case (op == unix.KEYCTL_DESCRIBE || op == unix.KEYCTL_READ) && it.arg == 2:
		if it.when != succeeded || uint64(c.Result) <= size { // else there was no room, and nothing is copied
			it.result(addr, size, "")
		}
	case op == unix.KEYCTL_GET_SECURITY && it.arg == 2:
		it.result(addr, size, "")
	case op == unix.KEYCTL_INSTANTIATE_IOV && it.arg == 2:
		it.vector(Reads, addr, size, vectorElement, 0)
	case op == unix.KEYCTL_DH_COMPUTE:
		it.diffieHellman(addr)
	case op == unix.KEYCTL_PKEY_QUERY && it.arg == 3:
		it.text(addr, pathMax, "")
	case op == unix.KEYCTL_PKEY_QUERY && it.arg == 4:
		it.writes(addr, 56, 0, "")
	case op >= unix.KEYCTL_PKEY_ENCRYPT && op <= unix.KEYCTL_PKEY_VERIFY:
		it.publicKey(op, addr)
	case op == unix.KEYCTL_CAPABILITIES && it.arg == 1:
		it.writes(addr, c.Args[2], 0, "")
	}
}

const keyType = 32 // of a key's type, with its NUL

// diffieHellman adds what KEYCTL_DH_COMPUTE has: three keys, the buffer, and struct keyctl_kdf_params.
func (it *Iterator) diffieHellman(addr uint64) {
	switch it.arg {
	case 1:
		it.reads(addr, 12, 0, "")
	case 2:
		it.result(addr, it.call.Args[3], "")
	case 4:
		it.reads(addr, 56, 0, "")
		var b [24]byte
		if systrap.Read(b[:], addr) == len(b) {
			it.text(le64(b[0:]), 128, "hashname") // CRYPTO_MAX_ALG_NAME
			if other := le64(b[8:]); other != 0 {
				it.reads(other, uint64(le32(b[16:])), MayChange, "otherinfo")
			}
		}
	}
}

// publicKey adds what the operations with a struct keyctl_pkey_params have.
func (it *Iterator) publicKey(op int32, addr uint64) {
	params := it.call.Args[1]
	switch it.arg {
	case 1:
		it.reads(addr, 40, 0, "")
	case 2:
		it.text(addr, pathMax, "")
	case 3:
		it.reads(addr, uint64(read32(params+4)), MayChange, "")
	case 4:
		it.flags |= MayChange
		n := uint64(read32(params + 8))
		if op == unix.KEYCTL_PKEY_VERIFY {
			it.reads(addr, n, 0, "")
		} else {
			it.result(addr, n, "")
		}
	}
}
