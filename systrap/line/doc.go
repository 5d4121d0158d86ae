// Package line builds text in fixed buffers. It runs in the traced process; the rules are those
// of package systrap, where [Line] is systrap.Line.
//
//systrap:freestanding
package line
