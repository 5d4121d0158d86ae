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
// program, an overflowing stack or a running garbage collector makes it call. What they report is
// the text for the fault table; runtime.panicBounds is told apart further by pcdata.
var neverTaken = map[string]string{
	"runtime.panicBounds":             "index out of range",
	"runtime.panicdivide":             "integer divide by zero",
	"runtime.panicshift":              "negative shift amount",
	"runtime.panicoverflow":           "integer overflow",
	"runtime.panicfloat":              "floating point error",
	"runtime.panicmem":                "nil pointer dereference",
	"runtime.panicmemAddr":            "nil pointer dereference",
	"runtime.panicnil":                "panic with nil",
	"runtime.panicwrap":               "method of a nil pointer",
	"runtime.panicdottypeE":           "type assertion failed",
	"runtime.panicdottypeI":           "type assertion failed",
	"runtime.panicnildottype":         "type assertion failed",
	"runtime.panicrangestate":         "range function misused its body",
	"runtime.panicunsafeslicelen":     "unsafe.Slice: length out of range",
	"runtime.panicunsafeslicenilptr":  "unsafe.Slice: nil pointer",
	"runtime.panicunsafestringlen":    "unsafe.String: length out of range",
	"runtime.panicunsafestringnilptr": "unsafe.String: nil pointer",
	"runtime.panicmakeslicelen":       "makeslice: length out of range",
	"runtime.panicmakeslicecap":       "makeslice: capacity out of range",
	"runtime.sigpanic":                "signal",
	"runtime.unreachableMethod":       "unreachable method",
	"runtime.morestack":               "stack overflow",
	"runtime.morestack_noctxt":        "stack overflow",
	"runtime.wbZero":                  writeBarrierOn,
	"runtime.wbMove":                  writeBarrierOn,
	"runtime.atomicwb":                writeBarrierOn,
}

const writeBarrierOn = "write barrier enabled"

// faultOf returns what a call of the function means if calls of it are redirected to the fatal
// stub.
func faultOf(name string) (string, bool) {
	name = strings.TrimSuffix(name, ".abi0")
	if strings.HasPrefix(name, "runtime.gcWriteBarrier") || name == "gcWriteBarrier" {
		return writeBarrierOn, true
	}
	what, ok := neverTaken[name]
	return what, ok
}

// allowedLeaves are the assembly functions that compiled code calls for memory and string
// operations. They may hold AVX code, gated by flags that stay false; see writeBarrier.
var allowedLeaves = []string{
	"runtime.memmove", "runtime.memclrNoHeapPointers", "runtime.memequal", "runtime.memequal_varlen",
	"memeqbody", "runtime.cmpstring", "cmpbody",
	"internal/bytealg.IndexByte", "internal/bytealg.IndexByteString", "indexbytebody",
	"internal/bytealg.Compare",
}

func isLeaf(name string) bool {
	return slices.Contains(allowedLeaves, strings.TrimSuffix(name, ".abi0"))
}

// writeBarrier is the switch of the garbage collector's write barriers. It must be zero in the file
// and not be written, and so must the variables by which the leaves choose AVX code.
const writeBarrier = "runtime.writeBarrier"

// allowedPackages are standard packages whose functions are walked like our own.
var allowedPackages = []string{
	"sync/atomic", "internal/runtime/atomic", "math/bits", "unicode/utf8", "internal/byteorder", "encoding/binary",
}

// syscallPackages may contain SYSCALL instructions, and so may syscallFunction: what returns behind a call
// costs more than the call's entry (docs/decisions/jump-door.md).
var syscallPackages = []string{"libsystrap/rawsys", "libsystrap/restorer"}

const syscallFunction = "libsystrap/internal/core.jumpHere"

// isGenerated reports whether the compiler made the function up: equality of a type, which it calls
// for == on structs and arrays.
func isGenerated(name string) bool { return strings.HasPrefix(name, "type:.eq.") }
