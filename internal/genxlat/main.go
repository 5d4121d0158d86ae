// Command genxlat writes the constant tables of package names (systrap/abi/names/z*.go): it reads
// the specifications, spec*.txt beside the code that prints the constants, finds the constants in the C
// headers of the machine (Debian's linux-libc-dev and libc6-dev), asks the C compiler for their values
// and writes Go. tracetool/decode/spec.txt says what a specification looks like.
//
// The files it writes are checked in, so that neither a C compiler nor headers are needed to build.
//
//	go generate ./systrap/abi/names
package main

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// readSpecs reads the specifications below root, in the order of their paths.
func readSpecs(root string) (files []*goFile, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if ok, _ := filepath.Match("spec*.txt", filepath.Base(path)); err != nil || !ok {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		more, err := parseSpec(path, string(text))
		files = append(files, more...)
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("no spec*.txt below %s", root)
	}
	return files, err
}

func main() {
	dir := flag.String("o", ".", "the `folder` to write to")
	root := flag.String("specs", "tracetool", "the `folder` below which the specifications are")
	flag.Parse()
	if err := generate(*root, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "genxlat:", err)
		os.Exit(1)
	}
}

// generate writes all files to dir, from the specifications below root.
func generate(root, dir string) error {
	files, err := readSpecs(root)
	if err != nil {
		return err
	}
	if err := resolve(files); err != nil {
		return err
	}
	var all blob
	out := writeTables(files, &all)
	ioctls, err := ioctlTable(files, &all)
	if err != nil {
		return err
	}
	out["zioctl.go"] = ioctls
	errs, err := errnoTable(&all)
	if err != nil {
		return err
	}
	out["zerrno.go"] = errs
	others, err := otherCalls(&all)
	if err != nil {
		return err
	}
	out["zothercalls.go"] = others
	out["ztext.go"] = all.file()
	for name, text := range out {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
