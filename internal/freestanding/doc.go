// Package freestanding turns a Go program into a shared library whose code runs inside another
// process without the Go runtime, and proves on the finished machine code that it can.
//
// [Build] compiles a main package as a position independent executable, converts it to a library
// and verifies it; [Verify] does the last step alone, on the file, without the sources.
// See docs/decisions/no-go-runtime.md.
//
// # Directives
//
// They stand in the Go sources of the packages that run in the target process:
//
//	//systrap:freestanding          the package runs in the target (package main always does)
//	//systrap:entry stack=N         an assembly function that the loader, the kernel or the
//	                                application enters; N bounds, in bytes, the stack it may use
//	                                from its first instruction on, its own return address excluded
//	//systrap:calls f g             all targets of the indirect calls of an assembly function:
//	                                functions of the same package, or main.main
//	//systrap:fatal                 the assembly function that reports a failed bounds check, a
//	                                stack overflow and their like, and does not return
//	//systrap:leaves                the indirect jumps of this assembly function go back to the
//	                                application; nothing of ours runs after them
//	//systrap:switches              this assembly function may call on another stack of ours, set with
//	                                LEAQ; that stack must be as large as the entry's budget, and the
//	                                function must come back from it through RBP, or go on as
//	                                another function
//
//	//systrap:foreign               the indirect calls of this assembly function go to code of the program's;
//	                                it may save the vector state, and use VEX encodings
//	//systrap:export NAME           other libraries find this assembly function, which is an entry, or this
//	                                variable by the name
//
// All but the first, and export where it is about a variable, stand above the Go declaration of the assembly function. The entry named
// libraryEntry becomes DT_INIT. An unknown spelling is an error.
//
// The linker keeps only what libraryEntry refers to, so it must name the fatal function and the
// other entries: LEAQ ·fatal(SB), AX does.
package freestanding
