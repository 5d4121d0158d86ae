// Package bpf decodes bpf(2), its programs, and those of classic BPF that filters have.
//
// It runs in the traced process: see package systrap for the rules.
//
//systrap:freestanding
package bpf
