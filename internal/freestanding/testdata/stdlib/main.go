// Command stdlib calls a standard package that is not known to be free of the runtime.
package main

import (
	"strings"

	_ "libsystrap/internal/freestanding/testdata/base"
)

var at int

var text = "text"

func main() {
	at = strings.Index(text, "xt") // want "unmarked package"
}
