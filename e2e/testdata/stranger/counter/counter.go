// Package counter is a stranger's package that runs in the traced program, as the directive says.
//
//systrap:freestanding
package counter

import "sync/atomic"

// Counter counts over all threads.
type Counter struct{ n atomic.Int64 }

// Add counts one.
func (c *Counter) Add() { c.n.Add(1) }

// Value is how many there were.
func (c *Counter) Value() int64 { return c.n.Load() }
