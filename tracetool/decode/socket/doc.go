// Package socket decodes the calls of sockets: options, messages with their control data, and
// vectors of buffers.
//
// It runs in the traced process: see package systrap for the rules.
//
//systrap:freestanding
package socket
