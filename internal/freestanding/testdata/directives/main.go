// Command directives misspells directives.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

//systrap:entrance stack=100
func f() // want-1 "bad directive"

//systrap:entry stack=lots
func g() // want-1 "bad directive"

// h has a space in its directive.
//
// systrap:calls main
func h() // want-1 "bad directive"

//systrap:freestandng

// i follows a directive that belongs to nothing. want-2 "bad directive"
func i()

//systrap:fatal
func j() {} // want-1 "bad directive"

func main() {}
