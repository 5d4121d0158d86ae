package freestanding

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"strings"
	"sync"
)

// checkInit rejects what would have to run before main: nobody runs it in the target. Init
// functions are seen in the source. Whether the compiler could make a variable static is seen in
// the compiled package: if it could not, there is a function named init without a number.
func checkInit(dir string, fset *token.FileSet, pkgs []*goPackage) ([]*Problem, error) {
	var problems []*Problem
	for _, p := range pkgs {
		if !p.freestanding {
			continue
		}
		for _, file := range p.files {
			for _, decl := range file.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					problems = append(problems, &Problem{
						Reason: ReasonInit, Pos: position(fset, fn.Pos()), What: "init functions do not run in the target",
						Instead: "call the function from main or from the library's start",
					})
				}
			}
		}
		dynamic, err := dynamicVariables(dir, p)
		if err != nil {
			return nil, err
		}
		problems = append(problems, dynamic...)
	}
	return problems, nil
}

// objdumpLine is a line of go tool objdump: file:line, address, bytes, instruction.
var objdumpLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s+(\S+:\d+)\s+0x[0-9a-f]+\s+[0-9a-f]+\s+(\S+)`)
})

// dynamicVariables returns a problem for each source line of the package's generated init function.
func dynamicVariables(dir string, p *goPackage) ([]*Problem, error) {
	symbols, err := runGo(dir, "tool", "nm", p.Export)
	if err != nil {
		return nil, err
	}
	name := p.linkPath() + ".init"
	if !definedSymbols(symbols)[name] {
		return nil, nil
	}
	text, err := runGo(dir, "tool", "objdump", "-s", "^"+regexp.QuoteMeta(name)+"$", p.Export)
	if err != nil {
		return nil, err
	}
	var problems []*Problem
	seen := map[string]bool{}
	empty := true
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		m := objdumpLine().FindStringSubmatch(s.Text())
		if m == nil {
			continue
		}
		// A lone RET is left where the compiler found everything static after all.
		empty = empty && m[2] == "RET"
		if seen[m[1]] || strings.HasPrefix(m[1], "<") {
			continue
		}
		seen[m[1]] = true
		problems = append(problems, &Problem{
			Reason: ReasonVariable, Pos: p.Dir + "/" + m[1], What: "a package variable is initialised by code that does not run in the target",
			Instead: "use a constant expression or a literal of constants, or set the variable from main",
		})
	}
	if len(problems) == 0 && !empty {
		return nil, fmt.Errorf("%w: no lines for %s", errToolchain, name)
	}
	return problems, nil
}

// definedSymbols reads the output of go tool nm: for each symbol an address, a letter and the name,
// behind the member's name if the archive has several.
func definedSymbols(nm []byte) map[string]bool {
	defined := map[string]bool{}
	for s := bufio.NewScanner(bytes.NewReader(nm)); s.Scan(); {
		if f := strings.Fields(s.Text()); len(f) >= 3 && f[len(f)-2] != "U" {
			name, _, _ := strings.Cut(f[len(f)-1], "<")
			defined[name] = true
		}
	}
	return defined
}
