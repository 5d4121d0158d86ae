// Command pack writes the sources that the command systrap is to hold, and an overlay that shows
// them to `go build` where package library embeds them. It is run in the root of the repository.
//
//	go run ./internal/library/pack build/library
//	go build -overlay build/library/overlay.json ./cmd/systrap
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: pack FOLDER")
		os.Exit(2)
	}
	if err := pack(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func pack(folder string) error {
	data, err := sources(".")
	if err != nil {
		return err
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return err
	}
	embedded, err := filepath.Abs("internal/library/sources/library.zip")
	if err != nil {
		return err
	}
	file := filepath.Join(folder, "library.zip")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{embedded: file}})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "overlay.json"), overlay, 0o644)
}
