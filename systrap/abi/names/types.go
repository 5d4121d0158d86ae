package names

// ID is the number of a table of names, an index of Tables.
type ID uint16

// Ref is a string: its offset in text in the upper 24 bits, its length in bytes in the
// lower 8. A string has a pointer, which ld.so would have to relocate in each process.
// See docs/decisions/names-without-pointers.md.
type Ref uint32

// String returns the string.
func (r Ref) String() string { return text[r>>8 : r>>8+r&0xff] }

// Entry is one named constant.
type Entry struct {
	Value uint64
	Name  Ref
}

// Table is the names of one kind of constants, which Rows returns.
type Table struct {
	Unknown  Ref // what an unknown value may be, as in "0x5 /* AF_??? */"
	first, n uint16
}

// Rows returns the names of table id.
func Rows(id ID) []Entry {
	t := &Tables[id]
	return entries[t.first : t.first+t.n]
}

// Errno is the name of an errno and what strerror(3) says of it.
type Errno struct{ Name, Text Ref }
