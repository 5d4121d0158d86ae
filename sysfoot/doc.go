// Package sysfoot is the tool of trace-sysfoot.so: package tracetool's tracer, with what each call reads and writes
// of the program's memory (package footprint) below its line, in the same record of the trace's stream, and with a summary at
// the end of each process image.
//
//	read(3, "\177ELF"..., 832)              = 832
//	 ~ writes 0x7ffd4c1e2b18+832 (arg1) stack
//
// What is read is looked at when the call is entered, behind what a tool or an option has changed of its arguments;
// what is written when it has returned. Arguments are counted from 0. Behind a semicolon stands "may have changed" where
// the range was found by way of memory, which another thread may have changed before the kernel looked;
// "at most" and "or more" where the length is a bound; "cut" where it was cut; "bytes stay" of mappings whose content is
// the same afterwards.
//
//systrap:freestanding
package sysfoot
