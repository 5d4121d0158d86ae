// Hooks is a tool whose Enter and Exit do nothing: what it costs beyond noop is the price of being
// called.
package main

import "libsystrap/systrap"

func main() {
	systrap.Run(systrap.Tool{
		Name:  "hooks",
		Enter: func(*systrap.Call) systrap.Verdict { return systrap.Pass },
		Exit:  func(*systrap.Call) {},
	})
}
