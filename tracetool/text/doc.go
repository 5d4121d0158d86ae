// Package text prints values as strace prints them: numbers, strings, words of flags, arrays,
// structures as tables of their fields, and what stands for something in the system: descriptors,
// processes, users, addresses. It knows no call; how values look is said by [Opt].
//
// It runs in the traced process: see package systrap for the rules.
//
//systrap:freestanding
package text
