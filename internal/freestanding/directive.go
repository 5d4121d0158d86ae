package freestanding

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// libraryEntryName is the entry that becomes DT_INIT.
const libraryEntryName = "libraryEntry"

// directivePrefix starts every directive, at the beginning of a line comment.
const directivePrefix = "//systrap:"

// misspelt finds comments that were meant as directives, so that a stray space is not silent.
var misspelt = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^//\s*systrap\s*:\s*(freest\w*|entry|calls?|fatal|leaves?|switch\w*|foreign|exports?)\b`)
})

// asmFunc is what the directives above one assembly function say.
type asmFunc struct {
	Symbol string   `json:"symbol"`          // link name, without ABI suffix
	Pos    string   `json:"pos"`             // file:line of the declaration
	Entry  bool     `json:"entry,omitempty"` // entered from outside
	Budget int64    `json:"stack,omitempty"` // bytes, for an entry
	Calls  []string `json:"calls,omitempty"` // link names
	Fatal  bool     `json:"fatal,omitempty"`
	Leaves bool     `json:"leaves,omitempty"`

	// Switches says that the function may call on another stack, which is as
	// large as the budget, and comes back to its own through RBP.
	Switches bool `json:"switches,omitempty"`

	// Foreign says that what the function calls indirectly is code of the program's, which keeps what the System V
	// ABI has a function keep, and that it may use what the processor has beyond the baseline.
	Foreign bool `json:"foreign,omitempty"`

	// Export is the name under which other libraries find the function, or "".
	Export string `json:"export,omitempty"`
}

// name returns the last element of the symbol, the name in its package.
func (f *asmFunc) name() string { return f.Symbol[strings.LastIndexByte(f.Symbol, '.')+1:] }

// directives is the sum of all packages of a build.
type directives struct {
	packages []string // import paths marked freestanding, plus main
	funcs    []*asmFunc
	vars     []exportedVar
	problems []*Problem
}

func (d *directives) reject(pos, format string, args ...any) {
	d.problems = append(d.problems, &Problem{
		Reason: ReasonDirective, Pos: pos, What: fmt.Sprintf(format, args...),
		Instead: "the directives are listed in the documentation of libsystrap/internal/freestanding",
	})
}

// scanDirectives parses the packages' files and collects their directives. Standard packages have
// none. The syntax trees are kept in p.files for the type checker.
func scanDirectives(fset *token.FileSet, pkgs []*goPackage) (*directives, error) {
	d := &directives{}
	for _, p := range pkgs {
		if p.Standard {
			continue
		}
		p.freestanding = p.Name == "main" || p.sources != nil
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			var source any // nil: the file's
			if text, ok := p.sources[path]; ok {
				source = text
			}
			file, err := parser.ParseFile(fset, path, source, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			p.files = append(p.files, file)
			d.scanFile(fset, p, file)
		}
		if err := d.scanAssembly(p); err != nil {
			return nil, err
		}
		if p.freestanding {
			d.packages = append(d.packages, p.linkPath())
		}
	}
	return d, nil
}

// scanFile reads the directives of one Go file. Those in the doc comment of a function belong to
// it; a freestanding mark may stand in any comment outside functions.
func (d *directives) scanFile(fset *token.FileSet, p *goPackage, file *ast.File) {
	owner := map[*ast.CommentGroup]*ast.FuncDecl{}
	variable := map[*ast.CommentGroup]string{}
	for _, decl := range file.Decls {
		if doc, name := declaredVar(decl); doc != nil {
			variable[doc] = name
		}
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Doc != nil {
			owner[fn.Doc] = fn
		}
	}
	found := map[*ast.FuncDecl]*asmFunc{}
	for _, group := range file.Comments {
		for _, c := range group.List {
			pos := position(fset, c.Pos())
			text, ok := strings.CutPrefix(c.Text, directivePrefix)
			if !ok {
				if misspelt().MatchString(c.Text) {
					d.reject(pos, "directive %q must start with %q exactly", c.Text, directivePrefix)
				}
				continue
			}
			verb, rest, _ := strings.Cut(text, " ")
			if verb == "freestanding" && strings.TrimSpace(rest) == "" {
				p.freestanding = true
				continue
			}
			fn := owner[group]
			if name := variable[group]; name != "" && verb == "export" && len(strings.Fields(rest)) == 1 {
				d.vars = append(d.vars, exportedVar{strings.TrimSpace(rest), p.linkPath() + "." + name})
				continue
			}
			if fn == nil {
				d.reject(pos, "directive %q is unknown, or does not stand in the doc comment of a function", c.Text)
				continue
			}
			if fn.Body != nil || fn.Recv != nil {
				d.reject(pos, "directive %q is for assembly functions; %s has a Go body or a receiver", c.Text, fn.Name.Name)
				continue
			}
			f := found[fn]
			if f == nil {
				f = &asmFunc{Symbol: p.linkPath() + "." + fn.Name.Name, Pos: position(fset, fn.Pos())}
				found[fn] = f
				d.funcs = append(d.funcs, f)
			}
			if err := f.apply(p, verb, strings.Fields(rest)); err != nil {
				d.reject(pos, "directive %q: %v", c.Text, err)
			}
		}
	}
}

// apply adds one directive to f.
func (f *asmFunc) apply(p *goPackage, verb string, args []string) error {
	switch {
	case verb == "entry" && len(args) == 1 && strings.HasPrefix(args[0], "stack="):
		n, err := strconv.ParseInt(strings.TrimPrefix(args[0], "stack="), 0, 32)
		if err != nil || n <= 0 {
			return fmt.Errorf("want stack= and a number of bytes")
		}
		f.Entry, f.Budget = true, n
	case verb == "entry":
		return fmt.Errorf("want stack= and a number of bytes")
	case verb == "calls" && len(args) > 0:
		for _, name := range args {
			if name != "main.main" {
				name = p.linkPath() + "." + name
			}
			f.Calls = append(f.Calls, name)
		}
	case verb == "fatal" && len(args) == 0:
		f.Fatal = true
	case verb == "switches" && len(args) == 0:
		f.Switches = true
	case verb == "leaves" && len(args) == 0:
		f.Leaves = true
	case verb == "foreign" && len(args) == 0:
		f.Foreign = true
	case verb == "export" && len(args) == 1:
		f.Export = args[0]
	default:
		return fmt.Errorf("unknown spelling")
	}
	return nil
}

// scanAssembly rejects directives in assembly files, where nobody would read them.
func (d *directives) scanAssembly(p *goPackage) error {
	for _, name := range p.SFiles {
		path := filepath.Join(p.Dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(string(text), "\n") {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, directivePrefix) || misspelt().MatchString(line) {
				d.reject(fmt.Sprintf("%s:%d", path, i+1), "directive %q stands in an assembly file, not above the Go declaration", line)
			}
		}
	}
	return nil
}

// libraryEntry returns the one entry that the loader will call.
func (d *directives) libraryEntry() (*asmFunc, error) {
	var entry *asmFunc
	for _, f := range d.funcs {
		if !f.Entry || f.name() != libraryEntryName {
			continue
		}
		if entry != nil {
			return nil, fmt.Errorf("two library entries: %s (%s) and %s (%s)", entry.Symbol, entry.Pos, f.Symbol, f.Pos)
		}
		entry = f
	}
	if entry == nil {
		return nil, ErrNoEntry
	}
	return entry, nil
}

func position(fset *token.FileSet, pos token.Pos) string {
	p := fset.Position(pos)
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}
