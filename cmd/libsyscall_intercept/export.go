package main

// Functions that the hooks call.

//systrap:entry stack=16
//systrap:export syscall_hook_in_process_allowed
func hookAllowed()

//systrap:entry stack=16
//systrap:export syscall_error_code
func errorCode()

//go:noescape
func exported() uintptr

// keepExported makes the linker keep them.
func keepExported() { exported() }
