// A Go program that ld.so loads: its system calls are made on goroutine stacks.
package main

// #include <unistd.h>
// static int parent(void) { return getppid() > 0; }
import "C"

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"
)

func main() {
	fmt.Println(C.parent())
	var wait sync.WaitGroup
	for range 20 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if _, err := os.ReadFile("/etc/passwd"); err != nil {
				fmt.Println(err)
			}
			time.Sleep(time.Millisecond)
		}()
	}
	wait.Wait()
	out, err := exec.Command("echo", "from a child").Output()
	fmt.Print(string(out), err, "\n")
}
