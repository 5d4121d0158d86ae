// Command channel sends on a channel.
package main

import _ "libsystrap/internal/freestanding/testdata/base"

var c chan int

func main() {
	c <- 1 // want "channel"
}
