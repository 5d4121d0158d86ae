// Command genxlat writes the constant tables of package tracetool (tracetool/z*.go): it reads
// spec.txt, finds the constants in the C headers of the machine (Debian's linux-libc-dev and
// libc6-dev), asks the C compiler for their values and writes Go.
//
// The files it writes are checked in, so that neither a C compiler nor headers are needed to build.
//
//	go generate ./tracetool
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

//go:embed spec.txt
var specText string

func main() {
	dir := flag.String("o", "tracetool", "the `folder` to write to")
	flag.Parse()
	if err := generate(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "genxlat:", err)
		os.Exit(1)
	}
}

// generate writes all files to dir.
func generate(dir string) error {
	files, err := parseSpec(specText)
	if err != nil {
		return err
	}
	if err := resolve(files); err != nil {
		return err
	}
	out := writeTables(files)
	ioctls, err := ioctlTable()
	if err != nil {
		return err
	}
	out["zioctl.go"] = ioctls
	errs, err := errnoTable()
	if err != nil {
		return err
	}
	out["zerrno.go"] = errs
	others, err := otherCalls()
	if err != nil {
		return err
	}
	out["zothercalls.go"] = others
	for name, text := range out {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
