// Package netlink decodes messages of netlink(7).
//
// It runs in the traced process: see package systrap for the rules.
//
//systrap:freestanding
package netlink
