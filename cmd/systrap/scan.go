package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"libsystrap/instr"
)

// scanResult is what systrap scan found in one file.
type scanResult struct {
	File       string         `json:"file"`
	Candidates int            `json:"candidates"`
	Sites      []scanSite     `json:"sites"`
	Declined   []scanSite     `json:"declined"`
	Reasons    map[string]int `json:"declined_by_reason,omitempty"`
	Doors      map[string]int `json:"doors"` // sites by door
	Refusals   map[string]int `json:"no_door_by_reason,omitempty"`
}

// scanSite is one byte pair that is or looks like a system call instruction.
type scanSite struct {
	Address  hexAddress `json:"address"`  // as in the file (p_vaddr)
	Function string     `json:"function"` // name+offset, or ""
	Kind     string     `json:"kind"`     // syscall, sysenter or int80
	Source   string     `json:"source"`   // of the instruction boundaries
	Trapped  bool       `json:"trapped"`  // the library patches it
	Reason   string     `json:"reason,omitempty"`
	Door     string     `json:"door,omitempty"` // how a jump can stand before it, or why none can
}

// hexAddress is a JSON string in hexadecimal: numbers beyond 2^53 do not
// survive JSON.
type hexAddress uint64

func (a hexAddress) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%#x", uint64(a)), nil }

// runScan implements systrap scan.
func runScan(args []string) int {
	flags := flag.NewFlagSet("systrap scan", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print one JSON object for each file, one a line")
	figures := flags.Bool("figures", false, "measure, and print one row of a Markdown table for each file")
	if err := flags.Parse(args); err == flag.ErrHelp {
		return exitOK
	} else if err != nil {
		return exitUsage
	}
	if flags.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "systrap scan: FILE is missing")
		return exitUsage
	}
	status := exitOK
	if *figures {
		fmt.Println(figuresHeader)
	}
	for i, path := range flags.Args() {
		var r *scanResult
		var err error
		if *figures {
			var f *figuresRow
			if f, err = figuresOf(path); err == nil {
				f.print(os.Stdout)
				continue
			}
		} else {
			r, err = scanFile(path)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "systrap scan: %s: %v\n", path, err)
			status = exitFail
			continue
		}
		if *asJSON {
			line, err := json.Marshal(r)
			if err != nil {
				return fail(err)
			}
			fmt.Println(string(line))
			continue
		}
		if i > 0 {
			fmt.Println()
		}
		r.print(os.Stdout)
	}
	return status
}

// scanFile goes through the executable segments of a file as the library goes
// through those of a mapped image.
func scanFile(path string) (*scanResult, error) {
	data, err := readELF(path)
	if err != nil {
		return nil, err
	}
	var im instr.Image
	if !im.FromFile(data) {
		return nil, errors.New("malformed ELF file: its program headers are outside the file")
	}
	names := functionNames(data)
	r := &scanResult{File: path, Sites: []scanSite{}, Declined: []scanSite{}, Reasons: map[string]int{}, Doors: map[string]int{}, Refusals: map[string]int{}}
	found := false
	for i := 0; ; i++ {
		addr, text, ok := im.Text(i)
		if !ok {
			break
		}
		found = true
		var f instr.Finder
		var c instr.Candidate
		f.Init(&im, text, addr)
		for f.Next(&c) {
			r.add(text, &c, names)
		}
	}
	if !found {
		return nil, errors.New("no executable segment (debug information only?)")
	}
	return r, nil
}

// notTrapped is why the library leaves sysenter and int 0x80 alone: they enter
// the kernel by its 32-bit table.
const notTrapped = "32-bit entry, not trapped"

func (r *scanResult) add(text []byte, c *instr.Candidate, names symbolTable) {
	s := scanSite{
		Address:  hexAddress(c.VAddr),
		Function: names.at(c.VAddr, c.FuncStart),
		Kind:     c.Kind.String(),
		Source:   c.Source.String(),
		Trapped:  c.Site && c.Kind == instr.Syscall,
	}
	r.Candidates++
	switch {
	case s.Trapped:
		door, _, refusal := instr.DoorOf(text, c)
		s.Door = door.String()
		r.Doors[s.Door]++
		if refusal != instr.Offered {
			s.Door = refusal.String()
			r.Refusals[s.Door]++
		}
		r.Sites = append(r.Sites, s)
		return
	case c.Site:
		s.Reason = notTrapped
	default:
		s.Reason = c.Reason.String()
	}
	r.Declined = append(r.Declined, s)
	r.Reasons[s.Reason]++
}

// print writes the tables for people.
func (r *scanResult) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %d sites, %d candidates declined\n", r.File, len(r.Sites), len(r.Declined))
	for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
		fmt.Fprintf(w, "  declined, %s: %d\n", reason, r.Reasons[reason])
	}
	for _, door := range slices.Sorted(maps.Keys(r.Doors)) {
		fmt.Fprintf(w, "  door, %s: %d\n", door, r.Doors[door])
	}
	for _, reason := range slices.Sorted(maps.Keys(r.Refusals)) {
		fmt.Fprintf(w, "  no door, %s: %d\n", reason, r.Refusals[reason])
	}
	for _, list := range []struct {
		title string
		sites []scanSite
	}{{"sites", r.Sites}, {"declined", r.Declined}} {
		if len(list.sites) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s:\n", list.title)
		for _, s := range list.sites {
			fmt.Fprintf(w, "  %#014x  %-8s  %-12s  ", uint64(s.Address), s.Kind, s.Source)
			if s.Reason != "" {
				fmt.Fprintf(w, "%-25s  ", s.Reason)
			}
			if s.Door != "" {
				fmt.Fprintf(w, "%-14s  ", s.Door)
			}
			fmt.Fprintln(w, s.Function)
		}
	}
}
