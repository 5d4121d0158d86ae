package main

import (
	"flag"
)

// runVerify implements systrap verify.
func runVerify(args []string) int {
	flags := flag.NewFlagSet("systrap verify", flag.ContinueOnError)
	_, status := oneArgument(flags, args, "tool.so")
	return status
}
