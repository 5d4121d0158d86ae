// Package common decodes what several families of calls have: socket addresses and
// struct perf_event_attr.
//
// It runs in the traced process: see package systrap for the rules.
//
//systrap:freestanding
package common
