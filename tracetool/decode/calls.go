package decode

import (
	"golang.org/x/sys/unix"

	"libsystrap/systrap/abi"
)

// Known are the calls that strace 6.1 knows. Younger ones are printed as it prints them, by
// number, and have no name in its options.
func Known() []abi.Call { return abi.Calls[:unix.SYS_SET_MEMPOLICY_HOME_NODE+1] }

// Lookup is abi.Lookup for calls that are Known.
func Lookup(nr int64) (c *abi.Call, ok bool) {
	if nr >= int64(len(Known())) {
		return abi.Unknown(), false
	}
	return abi.Lookup(nr)
}
