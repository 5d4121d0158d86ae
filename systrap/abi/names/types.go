package names

// ID is the number of a table of names, an index of Tables.
type ID uint16

// Entry is one named constant.
type Entry struct {
	Value uint64
	Name  string
}

// Table is the names of one kind of constants.
type Table struct {
	Unknown string // what an unknown value may be, as in "0x5 /* AF_??? */"
	Rows    *[]Entry
}

// Errno is the name of an errno and what strerror(3) says of it.
type Errno struct{ Name, Text string }
