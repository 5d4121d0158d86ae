package freestanding

import "strings"

// refusal says what a call of a runtime function comes from and what to write instead.
type refusal struct {
	prefix  string // of the function's link name
	reason  Reason
	what    string
	instead string
}

const (
	insteadAlloc = "build the value in the caller's frame and pass a pointer down, or use a fixed buffer or a package variable; what is passed through a func value escapes"
	insteadIface = "use a concrete type, a func value or a switch over constants"
)

// refusals is searched from the top; the last entry catches the rest of the runtime.
var refusals = []refusal{
	{"runtime.growslice", ReasonAppend, "append may grow its slice", "write into a fixed array by index, and check the length"},
	{"runtime.growsliceNoAlias", ReasonAppend, "append may grow its slice", "write into a fixed array by index, and check the length"},
	{"runtime.newobject", ReasonAlloc, "a value is allocated on the heap", insteadAlloc},
	{"runtime.newarray", ReasonAlloc, "an array is allocated on the heap", insteadAlloc},
	{"runtime.makeslice", ReasonAlloc, "a slice is allocated on the heap", "slice a fixed array: var a [N]T; s := a[:n]"},
	{"runtime.mallocgc", ReasonAlloc, "memory is allocated on the heap", insteadAlloc},
	{"runtime.concat", ReasonConcat, "strings are concatenated", "append the parts one by one to a fixed buffer"},
	{"runtime.slicebytetostring", ReasonString, "a string is made of a byte slice", "keep the []byte, or look at it through unsafe.String while it does not change"},
	{"runtime.stringtoslice", ReasonString, "a slice is made of a string", "index the string, or copy(buf[:], s) into a fixed buffer"},
	{"runtime.slicerunetostring", ReasonString, "a string is made of runes", "encode into a fixed buffer with unicode/utf8.EncodeRune"},
	{"runtime.intstring", ReasonString, "a string is made of a rune", "encode into a fixed buffer with unicode/utf8.EncodeRune"},
	{"runtime.map", ReasonMap, "a map is used", "use an array, or a sorted table and binary search"},
	{"runtime.makemap", ReasonMap, "a map is made", "use an array, or a sorted table and binary search"},
	{"internal/runtime/maps.", ReasonMap, "a map is used", "use an array, or a sorted table and binary search"},
	{"runtime.makechan", ReasonChan, "a channel is made", "use sync/atomic on a package variable"},
	{"runtime.chan", ReasonChan, "a channel is used", "use sync/atomic on a package variable"},
	{"runtime.closechan", ReasonChan, "a channel is closed", "use sync/atomic on a package variable"},
	{"runtime.select", ReasonChan, "select waits for channels", "use sync/atomic on a package variable"},
	{"runtime.block", ReasonChan, "select waits for ever", "make a system call that waits"},
	{"runtime.newproc", ReasonGo, "a goroutine is started", "do the work at once; no thread of ours may exist in the target"},
	{"runtime.defer", ReasonDefer, "a deferred call needs the runtime", "call the function on each way out"},
	{"runtime.gopanic", ReasonPanic, "panic unwinds goroutines", "return an error value, or report it and leave the call untouched"},
	{"runtime.goPanic", ReasonPanic, "panic unwinds goroutines", "return an error value, or report it and leave the call untouched"},
	{"runtime.gorecover", ReasonPanic, "recover needs the runtime", "there is no panic to recover from"},
	{"runtime.convT", ReasonInterface, "a value is boxed into an interface", insteadIface},
	{"runtime.assertE2I", ReasonInterface, "an interface is converted to another", insteadIface},
	{"runtime.typeAssert", ReasonInterface, "an interface is converted to another", insteadIface},
	{"runtime.interfaceSwitch", ReasonInterface, "a type switch asks the runtime", insteadIface},
	{"runtime.efaceeq", ReasonCompare, "interfaces are compared", "compare concrete values"},
	{"runtime.ifaceeq", ReasonCompare, "interfaces are compared", "compare concrete values"},
	{"runtime.interequal", ReasonCompare, "interfaces are compared", "compare concrete values"},
	{"runtime.nilinterequal", ReasonCompare, "interfaces are compared", "compare concrete values"},
	{"runtime.print", ReasonPrint, "print and println use the runtime's lock", "format into a fixed buffer and write it"},
	{"runtime.typedslicecopy", ReasonCopy, "copy of a slice whose elements hold pointers", "assign the elements in a loop"},
	{"runtime.typedmem", ReasonCopy, "values that hold pointers are moved or cleared in bulk", "assign the fields or elements one by one"},
	{"runtime.memclrHasPointers", ReasonCopy, "values that hold pointers are cleared in bulk", "assign zero values in a loop"},
	{"runtime.", ReasonRuntime, "the Go runtime is not there", "do without; the rules are in the documentation of libsystrap/systrap"},
}

// refusalOf returns why the runtime function may not be called, nil for functions of other
// packages.
func refusalOf(name string) *refusal {
	for i := range refusals {
		if strings.HasPrefix(name, refusals[i].prefix) {
			return &refusals[i]
		}
	}
	return nil
}
