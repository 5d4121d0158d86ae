package abi

import "libsystrap/systrap/abi/names"

// ErrnoName returns the name of errno e, such as "ENOENT", or "" for a number without one (errno(3)).
func ErrnoName(e int) string {
	if e < 0 || e >= len(names.Errnos) {
		return ""
	}
	return names.Errnos[e].Name.String()
}

// ErrnoText returns what strerror(3) says of errno e, or "".
func ErrnoText(e int) string {
	if e < 0 || e >= len(names.Errnos) {
		return ""
	}
	return names.Errnos[e].Text.String()
}

// ErrnoNumber returns the errno of that name, of which there are two for some.
func ErrnoNumber(name string) (e int, ok bool) {
	switch name {
	case "EWOULDBLOCK":
		name = "EAGAIN"
	case "EDEADLOCK":
		name = "EDEADLK"
	case "ENOTSUP":
		name = "EOPNOTSUPP"
	case "EFSCORRUPTED":
		name = "EUCLEAN"
	case "EFTYPE": // Linux 6.19
		return 134, true
	}
	for i := range names.Errnos {
		if names.Errnos[i].Name.String() == name && name != "" {
			return i, true
		}
	}
	return 0, false
}
