package main

import (
	"flag"
	"fmt"

	"libsystrap/internal/freestanding"
)

// runVerify implements systrap verify.
func runVerify(args []string) int {
	flags := flag.NewFlagSet("systrap verify", flag.ContinueOnError)
	golden := flags.String("golden", "", "compare stack and registers with this `file`")
	path, status := oneArgument(flags, args, "tool.so")
	if path == "" {
		return status
	}
	report, err := freestanding.Verify(path)
	if err != nil {
		return fail(err)
	}
	fmt.Print(report)
	return checkGolden(report, *golden)
}
