package freestanding

import "fmt"

// faultSection is the name of the loaded section with the fault table.
const faultSection = ".systrap.faults"
const metaSection = ".systrap"

var _ = fmt.Sprint
