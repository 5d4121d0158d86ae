// Command genxlat writes the constant tables of package tracetool (tracetool/z*.go): it reads
// spec.txt, finds the constants in the C headers of the machine (Debian's linux-libc-dev and
// libc6-dev), asks the C compiler for their values and writes Go.
//
// The files it writes are checked in, so that neither a C compiler nor headers are needed to build.
//
//	go generate ./tracetool
package main

import (
	"embed"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

//go:embed spec*.txt
var specs embed.FS

// specText returns the specifications one after the other, in the order of their names.
func specText() (string, error) {
	names, err := specs.ReadDir(".")
	if err != nil {
		return "", err
	}
	text := ""
	for _, n := range names {
		b, err := specs.ReadFile(n.Name())
		if err != nil {
			return "", err
		}
		text += string(b) + "\n"
	}
	return text, nil
}

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
	text, err := specText()
	if err != nil {
		return err
	}
	files, err := parseSpec(text)
	if err != nil {
		return err
	}
	if err := resolve(files); err != nil {
		return err
	}
	out := writeTables(files)
	ioctls, err := ioctlTable(files)
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
