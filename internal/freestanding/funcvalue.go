package freestanding

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"slices"
)

// anyClass stands for every class of function types: for code whose type the build cannot name,
// such as the body of a generic function.
const anyClass = -1

// callSite is what the source says about the calls of one line that go through a value.
type callSite struct {
	Classes []int `json:"classes,omitempty"` // types of the func values called
	Method  bool  `json:"method,omitempty"`  // an interface method is called
}

// funcTypes numbers the types of func values. Go being type-safe, a call through a value of one
// type reaches only functions of that type whose address was taken.
type funcTypes struct {
	Names     []string            // for messages, by class
	Sites     map[string]callSite // by file:line; a call counts for each line that it spans
	Functions map[string][]int    // link name → classes that a value of it can have
	Literals  map[string][]int    // file:line of a func literal → classes

	types []types.Type
	fset  *token.FileSet
}

// sourceImporter hands out the packages that were checked from source, so that their types are the
// same for all that import them, and reads the others from export data.
type sourceImporter struct {
	checked map[string]*types.Package
	export  types.Importer
}

func (s *sourceImporter) Import(path string) (*types.Package, error) {
	if p := s.checked[path]; p != nil {
		return p, nil
	}
	return s.export.Import(path)
}

// readFuncTypes type-checks the freestanding packages, which pkgs lists in order of dependency.
func readFuncTypes(fset *token.FileSet, pkgs []*goPackage) (*funcTypes, error) {
	t := &funcTypes{Sites: map[string]callSite{}, Functions: map[string][]int{}, Literals: map[string][]int{}, fset: fset}
	byPath := map[string]*goPackage{}
	for _, p := range pkgs {
		byPath[p.ImportPath] = p
	}
	imp := &sourceImporter{checked: map[string]*types.Package{}}
	imp.export = importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		p := byPath[path]
		if p == nil || p.Export == "" {
			return nil, fmt.Errorf("no export data for %s", path)
		}
		return os.Open(p.Export)
	})
	for _, p := range pkgs {
		if !p.freestanding {
			continue
		}
		info := &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{},
			Defs:  map[*ast.Ident]types.Object{},
			Uses:  map[*ast.Ident]types.Object{},
		}
		conf := types.Config{Importer: mapped(imp, p.ImportMap), Sizes: types.SizesFor("gc", "amd64")}
		pkg, err := conf.Check(p.ImportPath, fset, p.files, info)
		if err != nil {
			return nil, err
		}
		imp.checked[p.ImportPath] = pkg
		t.addPackage(p, info)
	}
	return t, nil
}

// importerFunc makes a function an Importer.
type importerFunc func(string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// mapped resolves vendored import paths first.
func mapped(imp types.Importer, importMap map[string]string) types.Importer {
	return importerFunc(func(path string) (*types.Package, error) {
		if path == "unsafe" {
			return types.Unsafe, nil
		}
		if m, ok := importMap[path]; ok {
			path = m
		}
		return imp.Import(path)
	})
}

func (t *funcTypes) addPackage(p *goPackage, info *types.Info) {
	for _, file := range p.files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if fn, ok := info.ObjectOf(n).(*types.Func); ok {
					t.addFunc(fn)
				}
			case *ast.FuncLit:
				pos := position(t.fset, n.Pos())
				t.Literals[pos] = addUnique(t.Literals[pos], t.class(info.TypeOf(n)))
			case *ast.CallExpr:
				t.addCall(info, n)
			case *ast.RangeStmt:
				if _, ok := info.TypeOf(n.X).Underlying().(*types.Signature); ok {
					t.addSite(n.Pos(), n.Body.Lbrace, callSite{Classes: []int{t.class(info.TypeOf(n.X))}})
				}
			}
			return true
		})
	}
}

// addFunc notes the types that a value of fn can have: its own, and for a method also that of the
// method expression, with the receiver first.
func (t *funcTypes) addFunc(fn *types.Func) {
	fn = fn.Origin()
	sig := fn.Signature()
	pkg := fn.Pkg()
	if pkg == nil || sig.TypeParams() != nil || sig.RecvTypeParams() != nil {
		return
	}
	path := escapeImportPath(pkg.Path())
	if pkg.Name() == "main" {
		path = "main"
	}
	own := types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
	if sig.Recv() == nil {
		t.Functions[path+"."+fn.Name()] = []int{t.class(own)}
		return
	}
	recv := types.Unalias(sig.Recv().Type())
	base, isPtr := recv, false
	if ptr, ok := recv.(*types.Pointer); ok {
		base, isPtr = types.Unalias(ptr.Elem()), true
	}
	named, ok := base.(*types.Named)
	if !ok {
		return
	}
	typ := named.Obj().Name()
	expr := func(recv types.Type) int {
		params := append([]*types.Var{types.NewParam(0, nil, "", recv)}, slices.Collect(sig.Params().Variables())...)
		return t.class(types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic()))
	}
	ptrName := path + ".(*" + typ + ")." + fn.Name()
	valName := path + "." + typ + "." + fn.Name()
	t.Functions[ptrName] = []int{expr(types.NewPointer(base))}
	t.Functions[ptrName+"-fm"] = []int{t.class(own)}
	if !isPtr {
		t.Functions[valName] = []int{expr(base)}
		t.Functions[valName+"-fm"] = []int{t.class(own)}
	}
}

// addCall notes a call through a value.
func (t *funcTypes) addCall(info *types.Info, call *ast.CallExpr) {
	fun := ast.Unparen(call.Fun)
	tv := info.Types[fun]
	if tv.IsType() || tv.IsBuiltin() {
		return
	}
	var site callSite
	switch callee := calleeObject(info, fun); {
	case callee != nil && callee.Signature().Recv() == nil:
		return
	case callee != nil && types.IsInterface(callee.Signature().Recv().Type()):
		site.Method = true
	case callee != nil:
		return
	default:
		site.Classes = []int{t.class(tv.Type)}
	}
	t.addSite(call.Pos(), call.End(), site)
}

// addSite adds site to each line from one position to another.
func (t *funcTypes) addSite(from, to token.Pos, site callSite) {
	first, last := t.fset.Position(from), t.fset.Position(to)
	for line := first.Line; line <= last.Line; line++ {
		pos := fmt.Sprintf("%s:%d", first.Filename, line)
		s := t.Sites[pos]
		s.Method = s.Method || site.Method
		for _, c := range site.Classes {
			s.Classes = addUnique(s.Classes, c)
		}
		t.Sites[pos] = s
	}
}

// calleeObject returns the function that fun names, nil if fun is a value.
func calleeObject(info *types.Info, fun ast.Expr) *types.Func {
	switch f := fun.(type) {
	case *ast.IndexExpr:
		return calleeObject(info, ast.Unparen(f.X))
	case *ast.IndexListExpr:
		return calleeObject(info, ast.Unparen(f.X))
	case *ast.Ident:
		fn, _ := info.Uses[f].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := info.Uses[f.Sel].(*types.Func)
		return fn
	}
	return nil
}

// class numbers the underlying type of a func value; identical types share a number.
func (t *funcTypes) class(typ types.Type) int {
	sig, ok := typ.Underlying().(*types.Signature)
	if !ok || hasTypeParam(sig, nil) {
		return anyClass
	}
	for i, known := range t.types {
		if types.Identical(known, sig) {
			return i
		}
	}
	t.types = append(t.types, sig)
	t.Names = append(t.Names, types.TypeString(sig, func(p *types.Package) string { return p.Name() }))
	return len(t.types) - 1
}

// hasTypeParam reports whether typ depends on a type parameter.
func hasTypeParam(typ types.Type, seen []types.Type) bool {
	if slices.Contains(seen, typ) {
		return false
	}
	seen = append(seen, typ)
	switch x := types.Unalias(typ).(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		for a := range x.TypeArgs().Types() {
			if hasTypeParam(a, seen) {
				return true
			}
		}
	case *types.Signature:
		return hasTypeParam(x.Params(), seen) || hasTypeParam(x.Results(), seen)
	case *types.Tuple:
		for v := range x.Variables() {
			if hasTypeParam(v.Type(), seen) {
				return true
			}
		}
	case *types.Struct:
		for f := range x.Fields() {
			if hasTypeParam(f.Type(), seen) {
				return true
			}
		}
	case *types.Map:
		return hasTypeParam(x.Key(), seen) || hasTypeParam(x.Elem(), seen)
	case interface{ Elem() types.Type }: // pointer, slice, array, channel
		return hasTypeParam(x.Elem(), seen)
	}
	return false
}

func addUnique(list []int, n int) []int {
	if slices.Contains(list, n) {
		return list
	}
	return append(list, n)
}
