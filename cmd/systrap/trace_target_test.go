package main

import (
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// caller is the identity of the test itself.
func caller(t *testing.T) *identity {
	id, err := lookUpIdentity("")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// writeProgram writes a file with mode and returns its path.
func writeProgram(t *testing.T, name string, data []byte, mode os.FileMode) string {
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, data, 0o600); err != nil {
		t.Fatal(err)
	}
	// Not subject to the umask, and with the set-id bits.
	if err := os.Chmod(p, mode); err != nil {
		t.Fatal(err)
	}
	return p
}

// program is a file that can be traced.
func program(t *testing.T) []byte {
	data, err := os.ReadFile("/bin/true")
	if err != nil {
		t.Skip(err)
	}
	return data
}

// edited is a copy of data with b at off.
func edited(data []byte, off int, b ...byte) []byte {
	d := append([]byte(nil), data...)
	copy(d[off:], b)
	return d
}

// withInterp is data with another interpreter, or with none for "".
func withInterp(t *testing.T, data []byte, interp string) []byte {
	d := append([]byte(nil), data...)
	phoff := binary.LittleEndian.Uint64(d[32:])
	for i := 0; i < int(binary.LittleEndian.Uint16(d[56:])); i++ {
		ph := d[phoff+uint64(i)*56:]
		if elf.ProgType(binary.LittleEndian.Uint32(ph)) != elf.PT_INTERP {
			continue
		}
		if interp == "" {
			binary.LittleEndian.PutUint32(ph, uint32(elf.PT_NULL))
			return d
		}
		copy(d[binary.LittleEndian.Uint64(ph[8:]):], interp+"\x00")
		return d
	}
	t.Skip("no PT_INTERP")
	return nil
}

func TestCheckTarget(t *testing.T) {
	prog := program(t)
	arm := make([]byte, 2)
	binary.LittleEndian.PutUint16(arm, uint16(elf.EM_AARCH64))
	good := writeProgram(t, "good", prog, 0o755)
	tests := []struct {
		name string
		data []byte
		mode os.FileMode
		want string
	}{
		{"dynamic", prog, 0o755, ""},
		{"script", []byte("#! " + good + " -x\nwhatever\n"), 0o755, ""},
		{"script-crlf", []byte("#!/no/such/interp\n"), 0o755, "/no/such/interp: No such file or directory"},
		{"empty-script", []byte("#!\n"), 0o755, "names no interpreter"},
		{"static", withInterp(t, prog, ""), 0o755, "statically linked, cannot be traced"},
		{"loader", withInterp(t, prog, "/no/ld.so"), 0o755, "its loader /no/ld.so is missing"},
		{"bits", edited(prog, elf.EI_CLASS, byte(elf.ELFCLASS32)), 0o755, "a 32-bit program cannot be traced"},
		{"machine", edited(prog, 18, arm...), 0o755, "a program for EM_AARCH64 cannot be traced"},
		{"cut", prog[:40], 0o755, "malformed ELF file"},
		{"text", []byte("echo hello\n"), 0o755, "Exec format error"},
		{"empty", nil, 0o755, "Exec format error"},
		{"mode", prog, 0o644, "not executable (Permission denied)"},
	}
	for _, test := range tests {
		p := writeProgram(t, test.name, test.data, test.mode)
		err := checkTarget(p, caller(t), false)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		case err != nil && strings.Contains(err.Error(), "\n"):
			t.Errorf("%s: more than one line: %q", test.name, err)
		}
	}
	if err := checkTarget(t.TempDir(), caller(t), false); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("directory: %v", err)
	}
}

// TestScriptLoop has scripts that name each other.
func TestScriptLoop(t *testing.T) {
	p := filepath.Join(t.TempDir(), "loop")
	if err := os.WriteFile(p, []byte("#!"+p+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := checkTarget(p, caller(t), false); err == nil || !strings.Contains(err.Error(), "too many interpreters") {
		t.Errorf("got %v", err)
	}
}

func TestSetID(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to make set-id files of another user")
	}
	nobody, err := lookUpIdentity("nobody")
	if err != nil {
		t.Skip(err)
	}
	var fs unix.Statfs_t
	if unix.Statfs(t.TempDir(), &fs) == nil && fs.Flags&unix.ST_NOSUID != 0 {
		t.Skip("temporary files are on a file system that is mounted nosuid")
	}
	for mode, want := range map[os.FileMode]string{os.ModeSetuid: "set-user-ID", os.ModeSetgid: "set-group-ID"} {
		p := writeProgram(t, "raised", program(t), 0o755|mode)
		if err := checkTarget(p, caller(t), false); err != nil {
			t.Errorf("%s of the caller's own: %v", want, err)
		}
		if err := checkTarget(p, nobody, false); err == nil || !strings.Contains(err.Error(), want+", cannot be traced") {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestFindCommand(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	for _, f := range []struct {
		path string
		mode os.FileMode
	}{{a + "/denied", 0o644}, {a + "/both", 0o644}, {b + "/both", 0o755}} {
		if err := os.WriteFile(f.path, nil, f.mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(a+"/sub", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, want string }{
		{"both", b + "/both"},
		{"denied", a + "/denied"},
		{a + "/denied", a + "/denied"},
		{"sub", ""},
		{"nothing", ""},
		{"", ""},
		{"./nothing", ""},
	} {
		got, err := findCommand(test.name, a+":"+b)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: %q, %v, want %q", test.name, got, err, test.want)
		}
	}
}
