package tracetool

// nameID is the number of a table of names, in the order of xtabs.
type nameID uint16

// xlat is one named constant; xtab a table of them.
type xlat struct {
	v    uint64
	name string
}

type xtab struct {
	dflt string // what an unknown value may be, as in "0x5 /* AF_??? */"
	t    *[]xlat
}

// errnoText is the name of an errno and what strerror(3) says of it.
type errnoText struct{ name, text string }
