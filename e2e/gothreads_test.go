package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// goThreads keeps goroutines at pipes, with collections and children meanwhile: threads come and go, their first calls are made with
// all signals blocked, and signals preempt them on their alternate stacks.
const goThreads = `package main

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
)

func main() {
	if len(os.Args) > 1 {
		os.Exit(5)
	}
	var wait sync.WaitGroup
	var right [12]int
	for i := range 8 {
		wait.Go(func() {
			for range 3000 {
				r, w, _ := os.Pipe()
				go func() { w.Write([]byte("hello")); w.Close() }()
				var b [10]byte
				n, _ := r.Read(b[:])
				r.Close()
				if garbage := make([]byte, 100000); string(b[:n]) == "hello" && garbage[i] == 0 {
					right[i]++
				}
			}
		})
	}
	for i := 8; i < 12; i++ {
		wait.Go(func() {
			for range 40 {
				if err := exec.Command(os.Args[0], "child").Run(); err != nil && err.Error() == "exit status 5" {
					right[i]++
				}
			}
		})
	}
	wait.Wait()
	fmt.Println(right)
	os.Exit(4)
}
`

const goThreadsOut = "[3000 3000 3000 3000 3000 3000 3000 3000 40 40 40 40]\n"

// buildGoThreads builds it with -buildmode=mode, and runs it.
func buildGoThreads(t *testing.T, mode string) string {
	t.Helper()
	need(t, "go")
	dir := t.TempDir()
	source, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "program")
	if err := os.WriteFile(source, []byte(goThreads), 0o644); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-buildmode="+mode, "-o", program, source)
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GO111MODULE=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Skipf("go build -buildmode=%s: %v: %s", mode, err, out)
	}
	cmd := exec.Command(program)
	if out, _ := cmd.CombinedOutput(); string(out) != goThreadsOut || cmd.ProcessState.ExitCode() != 4 {
		t.Fatalf("natively: %q, %v", out, cmd.ProcessState)
	}
	return program
}

// TestGoThreads runs a program of Go's that is linked as a PIE: its calls come by the jump door, which has no place near others.
func TestGoThreads(t *testing.T) {
	program := buildGoThreads(t, "pie")
	dir := t.TempDir()
	for _, door := range []string{"jump", "trap"} {
		for _, lib := range []string{silentLib, traceLib} {
			report := filepath.Join(t.TempDir(), "report")
			cmd := exec.Command(program)
			cmd.Dir = dir
			cmd.Env = append(fixedEnv(dir), "LD_PRELOAD="+lib, "SYSTRAP_DOOR="+door, "SYSTRAP_OPTIONS=-o /dev/null", "SYSTRAP_REPORT="+report)
			killer := time.AfterFunc(5*time.Minute, func() { cmd.Process.Kill() })
			out, _ := cmd.CombinedOutput()
			killer.Stop()
			if string(out) != goThreadsOut || cmd.ProcessState.ExitCode() != 4 {
				t.Errorf("%s, SYSTRAP_DOOR=%s: %v: %.2000s", filepath.Base(lib), door, cmd.ProcessState, out)
			}
			if reports, err := readReport(report); err != nil || len(reports) != 161 {
				t.Errorf("%s, SYSTRAP_DOOR=%s: %d reports, %v", filepath.Base(lib), door, len(reports), err)
			}
		}
	}
}
