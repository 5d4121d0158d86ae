// Command testrun runs go test, and says at the end how many tests passed and why
// those that were skipped were.
//
//	testrun -o FILE go test's flags and packages   run, and keep the summary
//	testrun -summary FILE...                       print kept summaries, added up
//
// Its exit status is that of go test.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"libsystrap/internal/testlog"
)

func main() {
	keep := flag.String("o", "", "keep the summary in this file")
	summary := flag.Bool("summary", false, "print kept summaries")
	flag.Parse()
	var status int
	var err error
	if *summary {
		err = printSummaries(flag.Args())
	} else {
		status, err = run(*keep, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testrun:", err)
		status = 1
	}
	os.Exit(status)
}

// run runs go test and returns its status.
func run(keep string, args []string) (int, error) {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 1, err
	}
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	s, readErr := testlog.Read(out, os.Stdout)
	err = cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return 1, err
	}
	if readErr == nil && keep != "" {
		readErr = save(s, keep)
	}
	if keep == "" {
		s.Print(os.Stdout)
	}
	return cmd.ProcessState.ExitCode(), readErr
}

func save(s *testlog.Summary, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}

func printSummaries(paths []string) error {
	var all testlog.Summary
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var s testlog.Summary
		if err := json.Unmarshal(b, &s); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		all.Add(&s)
	}
	all.Print(os.Stdout)
	return nil
}
