package tracetool

import (
	"libsystrap/systrap"
	"libsystrap/systrap/abi"
)

// column is one of -c's table.
type column uint8

const (
	colNone column = iota
	colPercent
	colTotal
	colMin
	colMax
	colAvg
	colCalls
	colErrors
	colName
	numColumns
)

// columns are those of -U; sorting is -S.
var (
	columns = [numColumns]column{colPercent, colTotal, colAvg, colCalls, colErrors, colName}
	sorting = colPercent
)

// columnNames are the names that -S and -U take.
var columnNames = [...]struct {
	name string
	col  column
}{
	{"time", colPercent}, {"time_percent", colPercent}, {"time-percent", colPercent},
	{"time_total", colTotal}, {"time-total", colTotal}, {"total_time", colTotal}, {"total-time", colTotal},
	{"min_time", colMin}, {"min-time", colMin}, {"shortest", colMin}, {"time_min", colMin}, {"time-min", colMin},
	{"longest", colMax}, {"max_time", colMax}, {"max-time", colMax}, {"time_max", colMax}, {"time-max", colMax},
	{"avg_time", colAvg}, {"avg-time", colAvg}, {"time_avg", colAvg}, {"time-avg", colAvg},
	{"calls", colCalls}, {"count", colCalls}, {"error", colErrors}, {"errors", colErrors},
	{"name", colName}, {"syscall", colName}, {"syscall_name", colName}, {"syscall-name", colName},
	{"none", colNone}, {"nothing", colNone},
}

// columnOf returns the column of a name; ok is false if there is none.
func columnOf(s string) (c column, ok bool) {
	for i := range columnNames {
		if columnNames[i].name == s {
			return columnNames[i].col, true
		}
	}
	return 0, false
}

// sortBy applies -S.
func sortBy(s string) bool {
	c, ok := columnOf(s)
	if !ok {
		return dieWithHelp("invalid sortby: '", s, "'")
	}
	sorting = c
	return true
}

// summaryColumns applies -U.
func summaryColumns(s string) bool {
	columns = [numColumns]column{}
	n := 0
	named := false
	for more := true; more; {
		var w string
		whole := s
		w, s, more = cut(s, ',')
		c, ok := columnOf(w)
		if !ok || c == colNone {
			return dieWithHelp("unknown column name: '", w, "'")
		}
		for _, have := range columns[:n] {
			if have == c {
				return dieWithHelp("call summary column has been provided more than once: '", w, "' (-U option residual: '", whole, "')")
			}
		}
		columns[n] = c
		n++
		named = named || c == colName
	}
	if !named {
		columns[n] = colName // without it the table means nothing
	}
	return true
}

// heads are the columns' titles, with their least widths.
var heads = [numColumns]struct {
	title string
	width int
}{
	colPercent: {"% time", 6}, colTotal: {"seconds", 11}, colMin: {"shortest", 8}, colMax: {"longest", 7},
	colAvg: {"usecs/call", 11}, colCalls: {"calls", 9}, colErrors: {"errors", 9}, colName: {"syscall", 16},
}

// tally is a line of the table.
type tally struct {
	name                           string
	calls, errors, total, min, max uint64
}

func (t *tally) avg() uint64 {
	if t.calls == 0 {
		return 0
	}
	return t.total / t.calls
}

// of returns the numbers of one call.
func (c *Counts) of(nr int) (t tally) {
	n := &c.calls[nr]
	t.calls, t.errors, t.total, t.max = n.calls.Load(), n.errors.Load(), n.total.Load(), n.max.Load()
	t.min = ^n.min.Load()
	if nr < len(abi.Calls) {
		t.name = abi.Calls[nr].Name
	}
	return t
}

// before says whether a's line stands before b's; lines that are equal to it
// stay in the order of the calls' numbers.
func (a *tally) before(b *tally) bool {
	switch sorting {
	case colPercent, colTotal:
		return a.total > b.total
	case colMin:
		return a.min > b.min
	case colMax:
		return a.max > b.max
	case colAvg:
		return a.avg() > b.avg()
	case colCalls:
		return a.calls > b.calls
	case colErrors:
		return a.errors > b.errors
	case colName:
		return a.name < b.name
	}
	return false
}

// table is what Summary makes; order holds the calls in it.
type table struct {
	systrap.Line
	sum    tally
	width  [numColumns]int
	lastAt int
}

// order is of Summary, which runs when all others have ended.
var order [512]uint16

// Summary writes -c's table to dst and returns its length.
func (c *Counts) Summary(dst []byte) int {
	t := table{Line: systrap.LineOn(dst)}
	n := 0
	var minMax, avgMax uint64
	t.sum.min = 1<<63 - 1
	longest := 0
	for nr := range c.calls {
		v := c.of(nr)
		if v.calls == 0 {
			continue
		}
		k := n
		for ; k > 0; k-- {
			prev := c.of(int(order[k-1]))
			if !v.before(&prev) {
				break
			}
			order[k] = order[k-1]
		}
		order[k] = uint16(nr)
		n++
		t.sum.calls += v.calls
		t.sum.errors += v.errors
		t.sum.total += v.total
		t.sum.min = min(t.sum.min, v.min)
		t.sum.max = max(t.sum.max, v.max)
		minMax = max(minMax, v.min)
		avgMax = max(avgMax, v.avg())
		longest = max(longest, len(v.name)+1)
	}
	if n == 0 {
		return 0
	}
	for i := range t.width {
		t.width[i] = heads[i].width
	}
	t.widen(colTotal, figures(t.sum.total/1e9)+7)
	t.widen(colMin, figures(minMax/1e9)+7)
	t.widen(colMax, figures(t.sum.max/1e9)+7)
	t.widen(colAvg, figures(avgMax/1000))
	t.widen(colCalls, figures(t.sum.calls))
	t.widen(colErrors, figures(t.sum.errors))
	t.widen(colName, longest)
	for i, col := range columns {
		if col != colNone {
			t.lastAt = i
		}
	}
	t.head()
	t.rule()
	for _, nr := range order[:n] {
		v := c.of(int(nr))
		t.row(&v)
	}
	t.rule()
	t.sum.name = "total"
	t.row(&t.sum)
	return t.Len()
}

func (t *table) widen(c column, w int) { t.width[c] = max(t.width[c], w) }

// figures returns how many decimal figures v has.
func figures(v uint64) int {
	n := 1
	for ; v >= 10; v /= 10 {
		n++
	}
	return n
}

func (t *table) head() {
	for i, col := range columns[:t.lastAt+1] {
		if i > 0 {
			t.Byte(' ')
		}
		pad := t.width[col] - len(heads[col].title)
		if col != colName {
			t.spaces(pad)
		}
		t.Str(heads[col].title)
		if col == colName && i < t.lastAt {
			t.spaces(pad)
		}
	}
	t.Byte('\n')
}

func (t *table) rule() {
	for i, col := range columns[:t.lastAt+1] {
		if i > 0 {
			t.Byte(' ')
		}
		for k := 0; k < t.width[col]; k++ {
			t.Byte('-')
		}
	}
	t.Byte('\n')
}

func (t *table) spaces(n int) {
	for ; n > 0; n-- {
		t.Byte(' ')
	}
}

// decimal prints v / 10^n with n places, right-aligned in w.
func (t *table) decimal(v uint64, n, w int) {
	unit := uint64(1)
	for i := 0; i < n; i++ {
		unit *= 10
	}
	t.spaces(w - figures(v/unit) - 1 - n)
	t.Uint(v / unit)
	t.Byte('.')
	t.UintPad(v%unit, n)
}

func (t *table) row(v *tally) {
	for i, col := range columns[:t.lastAt+1] {
		if i > 0 {
			t.Byte(' ')
		}
		w := t.width[col]
		switch col {
		case colPercent:
			share := uint64(0)
			if v == &t.sum {
				share = 10000
			} else if t.sum.total > 0 {
				share = uint64(float64(v.total)/float64(t.sum.total)*10000 + 0.5)
			}
			t.decimal(share, 2, w)
		case colTotal:
			t.decimal((v.total+500)/1000, 6, w)
		case colMin:
			t.decimal((v.min+500)/1000, 6, w)
		case colMax:
			t.decimal((v.max+500)/1000, 6, w)
		case colAvg:
			t.number(v.avg()/1000, w)
		case colCalls:
			t.number(v.calls, w)
		case colErrors:
			if v.errors == 0 {
				t.spaces(w)
				break
			}
			t.number(v.errors, w)
		case colName:
			t.Str(v.name)
			if i < t.lastAt {
				t.spaces(w - len(v.name))
			}
		}
	}
	t.Byte('\n')
}

func (t *table) number(v uint64, w int) {
	t.spaces(w - figures(v))
	t.Uint(v)
}
