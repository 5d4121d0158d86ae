// Noop is a tool that does nothing: what it costs is the price of trapping
// itself.
package main

import "libsystrap/systrap"

func main() { systrap.Run(systrap.Tool{Name: "noop"}) }
