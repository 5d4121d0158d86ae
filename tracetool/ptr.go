package tracetool

import "unsafe"

// ptrOf is unsafe.Pointer(v), for arguments of fetch.
func ptrOf[T any](v *T) unsafe.Pointer { return unsafe.Pointer(v) }
