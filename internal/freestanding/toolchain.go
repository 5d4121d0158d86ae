package freestanding

import (
	"slices"
	"strings"
)

// What follows is known about the Go 1.26 toolchain and its runtime; contract_test.go checks each
// statement against the installed one.

// gLoad is how compiled code reads g from thread-local storage after a call to assembly:
// MOVQ $-8, R14; MOVQ FS:(R14), R14.
var gLoad = []byte{0x49, 0xc7, 0xc6, 0xf8, 0xff, 0xff, 0xff, 0x64, 0x4d, 0x8b, 0x36}

// gLoadNop replaces gLoad: a 9-byte and a 2-byte no-operation.
var gLoadNop = []byte{0x66, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0, 0x66, 0x90}

// neverTaken are the runtime functions that compiled code refers to but that only a defect in the
// program, an overflowing stack or a running garbage collector makes it call.
var neverTaken = []string{
	"runtime.panicBounds", "runtime.panicExtend", "runtime.panicdivide", "runtime.panicshift",
	"runtime.panicoverflow", "runtime.panicfloat", "runtime.panicmem", "runtime.panicmemAddr",
	"runtime.panicnil", "runtime.panicwrap", "runtime.panicdottypeE", "runtime.panicdottypeI",
	"runtime.panicnildottype", "runtime.panicrangestate", "runtime.panicSimdImm", "runtime.sigpanic",
	"runtime.panicunsafeslicelen", "runtime.panicunsafeslicenilptr", "runtime.panicunsafestringlen",
	"runtime.panicunsafestringnilptr", "runtime.panicmakeslicelen", "runtime.panicmakeslicecap",
	"runtime.morestack", "runtime.morestack_noctxt", "runtime.wbZero", "runtime.wbMove",
}

// isNeverTaken reports whether calls of the function are redirected to the fatal stub.
func isNeverTaken(name string) bool {
	name = strings.TrimSuffix(name, ".abi0")
	return slices.Contains(neverTaken, name) || strings.HasPrefix(name, "runtime.gcWriteBarrier")
}
