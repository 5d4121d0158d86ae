// Package sys has the calls that we make ourselves, each under its name, and what is done with
// addresses that are not Go's. It runs in the traced process; the rules are those of package
// systrap.
//
//systrap:freestanding
package sys
