package footprint

import (
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// Limits of the kernel's, in bytes with the NUL.
const (
	pathMax    = 4096      // PATH_MAX
	argMax     = 32 * 4096 // MAX_ARG_STRLEN: one argument of execve(2)
	argsMax    = 6 << 20   // all arguments and the environment (bprm_stack_limits in fs/exec.c)
	xattrName  = 256       // XATTR_NAME_MAX + 1
	memfdName  = 250       // MFD_NAME_MAX_LEN + 1
	pageString = 4096      // what strndup_user is mostly given
)

// stringMax is how far the kernel looks for the NUL of a string.
func stringMax(k abi.Kind) uint64 {
	switch k {
	case abi.MemfdName:
		return memfdName
	case abi.FsconfigKey:
		return 256
	case abi.RebootArg:
		return 256
	}
	return pathMax
}

// stringSize returns the size of the string at addr with its NUL, of which the kernel reads at most
// so many bytes. Bound says that there was no NUL, Cut that memory ended before one.
func stringSize(addr, most uint64) (n uint64, f Flags) {
	var b [256]byte
	for n < most {
		a := addr + n
		k := min(uint64(len(b))-a%uint64(len(b)), most-n)
		got := uint64(systrap.Read(b[:k], a))
		for i := uint64(0); i < got; i++ {
			if b[i] == 0 {
				return n + i + 1, MayChange
			}
		}
		n += got
		if got < k {
			return max(n, 1), MayChange | Cut
		}
	}
	return n, MayChange | Bound
}

// list is what execve(2)'s argv and envp are: pointers to strings.
type list struct {
	at   uint64 // the next pointer, or 0
	i    int32
	left uint64 // what the kernel would take yet
	arg  int8
}

// strings begins a list: it adds the array, and lets listStep add the strings.
func (it *Iterator) strings(addr uint64) {
	if it.when != before {
		return
	}
	n, f := uint64(0), MayChange
	for n < argsMax {
		p, ok := systrap.ReadUint64(addr + n)
		if !ok {
			f |= Cut
			break
		}
		n += 8
		if p == 0 {
			break
		}
	}
	if n >= argsMax {
		f |= Bound
	}
	it.add(Reads, addr, max(n, 1), f, "")
	it.list = list{at: addr, left: argsMax, arg: it.arg}
}

func (it *Iterator) listStep() {
	l := &it.list
	arg := it.arg
	it.arg = l.arg
	for it.tail < queueLen && l.at != 0 {
		p, ok := systrap.ReadUint64(l.at)
		if !ok || p == 0 || l.left == 0 {
			l.at = 0
			break
		}
		n, f := stringSize(p, min(argMax, l.left))
		it.index[0] = l.i
		it.add(Reads, p, n, f, "[#]")
		l.left -= min(l.left, n)
		l.at += 8
		l.i++
	}
	it.index[0] = 0
	it.arg = arg
}
