package main

import (
	"fmt"
	"os"

	"libsystrap/internal/freestanding"
)

func main() {
	r, err := freestanding.Build(freestanding.Options{Package: os.Args[1], Output: os.Args[2]})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Print(r)
}
