// Package e2e runs whole programs natively and under the library and compares
// what they print, how they end and what files they leave: the native run is
// the oracle.
//
// A test names a command (see spec); differences runs it twice in the same fresh
// directory and returns everything that is not equal. A run that was not trapped
// is a difference, too. testdata holds small C programs, one for each subject;
// each says in its first lines how it is built (fixtures_test.go).
// See docs/decisions/tests-without-clocks.md.
//
// The same programs are run with footcheck, which compares their memory before and after each call with what package
// footprint named; what may differ, and why, is in unnamedWrites (footprint_test.go).
//
// Beside it: suites runs other people's test suites the same way (make suites),
// soak a mixed load for minutes (make soak), and tracelog reads traces strictly.
//
// E2E_LIB=PATH uses a library built before instead of building one; E2E_LOOKER, E2E_TRACE and E2E_FOOTCHECK likewise.
// E2E_STATIC=1 has all fixtures linked with musl, too, and Go's programs run by each door (make static).
// E2E_TRAP=int3 or hlt has that trap at the sites of every program (SYSTRAP_TRAP; make traps).
// E2E_DOOR=jump or trap has the calls of every program come by that door (SYSTRAP_DOOR; make doors).
// E2E_NATIVE_TWICE=1 compares the native run with another native run, which
// shows what in the tests themselves is not deterministic.
package e2e
