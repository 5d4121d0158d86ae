// Package base is the smallest host for a fixture: a library entry that builds a fake g and calls
// main.main, a raw write and a fatal stub.
//
//systrap:freestanding
package base
