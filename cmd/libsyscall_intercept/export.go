package main

// Functions that the hooks call.

//systrap:entry stack=16
//systrap:export syscall_hook_in_process_allowed
func hookAllowed()

//systrap:entry stack=16
//systrap:export syscall_error_code
func errorCode()

//systrap:entry stack=64
//systrap:foreign
//systrap:leaves
func childPoint()

//go:noescape
func childPointAddress() uintptr

//go:noescape
func exportSpan() (from, to uintptr)
