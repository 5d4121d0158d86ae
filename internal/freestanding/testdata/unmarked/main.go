// Command unmarked calls a package that is not marked as freestanding.
package main

import (
	_ "libsystrap/internal/freestanding/testdata/base"
	"libsystrap/internal/freestanding/testdata/unmarked/helper"
)

func main() {
	helper.Help() // want "unmarked package"
}
