package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestGoodPointersCostNoCall checks, by the tool that reads what every argument
// points at, that reads of the program's memory are copies, and that without
// Tool.Signal they are calls: the counter counts.
func TestGoodPointersCostNoCall(t *testing.T) {
	need(t, "gcc")
	dir := t.TempDir()
	source := filepath.Join(dir, "opens.c")
	const text = `#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
int main(void) {
	struct sigaction a;
	for (int i = 0; i < 1000; i++) {
		close(open("/dev/null", O_RDONLY));
		sigaction(SIGUSR1, &(struct sigaction){.sa_handler = SIG_DFL}, &a);
	}
}
`
	if err := os.WriteFile(source, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "opens")
	if out, err := exec.Command("gcc", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	calls := func(lib string) (readCalls, trapped int) {
		path := filepath.Join(dir, "report")
		os.Remove(path)
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), "LD_PRELOAD="+lib, "SYSTRAP_REPORT="+path)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		lines, err := readReport(path)
		if err != nil {
			t.Fatal(err)
		}
		return lines[0].number("read_calls"), lines[0].Trapped
	}
	// Each sigaction reads and writes memory, in the core itself.
	if n, trapped := calls(silentLib); n < 2000 || trapped < 3000 {
		t.Errorf("without Signal %d reads by a call in %d calls; want two for each of 1000 sigactions", n, trapped)
	}
	// What is left is from the start, and from the end, when signals are blocked.
	if n, trapped := calls(lookerLib); n > 50 || trapped < 3000 {
		t.Errorf("with Signal %d reads by a call in %d calls; want hardly any", n, trapped)
	}
}
