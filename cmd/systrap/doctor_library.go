package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func checkLoader(*machine) finding {
	var found []string
	for _, p := range []string{"/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"} {
		if _, err := os.Stat(p); err == nil {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return bad("install a C library, or trace inside a container that has one", "no dynamic loader: only static programs run here, and these cannot be traced")
	}
	return good("%s", strings.Join(found, ", "))
}

// library returns the path of the library to try.
func (m *machine) library() (string, error) {
	if m.lib != "" {
		return usableLibrary(m.lib)
	}
	return findLibrary()
}

func checkLibraryFile(m *machine) finding {
	lib, err := m.library()
	if err != nil {
		return bad("", "%v", err)
	}
	var fs unix.Statfs_t
	if unix.Statfs(lib, &fs) == nil && fs.Flags&unix.ST_NOEXEC != 0 {
		return bad("copy it to another file system", "%s is on a file system mounted noexec: no loader maps it", lib)
	}
	if st, err := os.Stat(lib); err == nil && st.Mode()&0o004 == 0 {
		return warn("chmod a+rx "+lib, "%s cannot be read by other users: their programs run untraced", lib)
	}
	return good("%s", lib)
}

// trapReport is what of SYSTRAP_REPORT's line is needed here.
type trapReport struct {
	Sites   int `json:"sites"`
	Trapped int `json:"trapped"`
}

// trapTimeout bounds the run of a program that does nothing.
const trapTimeout = time.Minute

// checkTraps runs true under the library and reads its report: the whole path,
// loader, patching, trap and exit.
func checkTraps(m *machine) finding {
	lib, err := m.library()
	if err != nil {
		return bad("", "not tried: no library")
	}
	dir, err := os.MkdirTemp("", "systrap-doctor-")
	if err != nil {
		return warn("", "not tried: %v", err)
	}
	defer os.RemoveAll(dir)
	report := filepath.Join(dir, "report")
	program, err := exec.LookPath("true")
	if err != nil {
		return warn("", "not tried: %v", err)
	}
	cmd := exec.Command(program)
	cmd.Env = []string{"LD_PRELOAD=" + lib, "SYSTRAP_REPORT=" + report, "SYSTRAP_OPTIONS=-o " + quoteWords([]string{filepath.Join(dir, "trace")})}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	timer := time.AfterFunc(trapTimeout, func() { cmd.Process.Kill() })
	err = cmd.Run()
	timer.Stop()
	said, _, _ := strings.Cut(stderr.String(), "\n")
	if err != nil {
		return bad("report this with the output of systrap doctor", "%s under %s: %v %s", program, lib, err, said)
	}
	line, err := os.ReadFile(report)
	if err != nil {
		return bad("is SYSTRAP_REPORT's folder writable, and "+program+" dynamically linked?", "%s ran, but the library was not loaded: %s", program, said)
	}
	var r trapReport
	if err := json.Unmarshal(bytes.TrimSpace(line), &r); err != nil {
		return bad("is the library of this version?", "the report of %s cannot be read: %v", lib, err)
	}
	if r.Trapped == 0 {
		return bad("SELinux, PR_SET_MDWE and PaX forbid changing code", "%s ran with %d sites, but nothing was trapped", program, r.Sites)
	}
	return good("%s: %d sites patched, %d calls trapped", program, r.Sites, r.Trapped)
}
