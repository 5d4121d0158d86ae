package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// stressParts is into how many suites stress-ng's stressors are divided: all of them take ten minutes.
const stressParts = 6

// stressSuites are those of class os.
func stressSuites() (all []suite) {
	for part := range stressParts {
		all = append(all, suite{name: fmt.Sprintf("stress-ng/os-%d", part+1), needs: []string{"stress-ng"},
			run: func(m *mode, only []string) (outcomes, error) { return runStress(m, only, part) }})
	}
	return all
}

// stressMemory bounds the address space of each stressor, so that those that
// take all there is do not take the machine's.
const stressMemory = "8589934592"

// runStress runs every so many of the stressors of class os one after the other, a second each.
// That is --class os --sequential, but one that hangs does not hold up the rest.
func runStress(m *mode, only []string, part int) (outcomes, error) {
	names := only
	if names == nil {
		all, err := stressors()
		if err != nil {
			return nil, err
		}
		for i := part; i < len(all); i += stressParts {
			names = append(names, all[i])
		}
	}
	got := outcomes{}
	for _, name := range names {
		// As nobody: some of them would change the machine.
		wrap := []string{"prlimit", "--as=" + stressMemory}
		if os.Geteuid() == 0 {
			wrap = append(wrap, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
		}
		args := []string{"stress-ng", "--" + name, "1", "--timeout", "1s", "--verify", "--temp-path", "."}
		status, output, err := m.do(&job{wrap: wrap, args: args, timeout: time.Minute, log: "stress-ng/" + name})
		if err != nil {
			return nil, err
		}
		got[name] = parseStress(status, output)
	}
	return got, nil
}

// stressors asks stress-ng for the names of the class.
func stressors() ([]string, error) {
	out, err := exec.Command("stress-ng", "--class", "os?").CombinedOutput()
	_, list, ok := strings.Cut(string(out), "stressors:")
	if !ok {
		return nil, err
	}
	names := strings.Fields(list)
	slices.Sort(names)
	return names, nil
}

// parseStress says in a word how a stressor ended (stress-ng(1), EXIT STATUS),
// and why if it failed.
func parseStress(status, output string) string {
	switch {
	case status == "exit 1" && strings.Contains(output, "--pathological"):
		return "skip: disabled, as it may hang or reboot the machine"
	case status == "exit 0" && !strings.Contains(output, "successful run completed"):
		return "skip: no rights, or not here"
	case status == "exit 0":
		return "pass"
	case status == "exit 3", status == "exit 4":
		return "skip: " + status
	}
	how := "fail: " + status
	for line := range strings.Lines(output) {
		if _, text, ok := strings.Cut(line, "fail: "); ok {
			_, text, _ = strings.Cut(text, "] ")
			return how + ", " + strings.TrimSpace(text)
		}
	}
	return how
}
