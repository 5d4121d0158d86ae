// Package clock reads clocks, mostly without a call: from the processor's time-stamp counter and
// what the clock showed last. It runs in the traced process; the rules are those of package systrap.
//
// See docs/decisions/clocks-without-calls.md.
//
//systrap:freestanding
package clock
