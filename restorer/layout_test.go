package restorer

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unsafe"
)

// TestLayout compares every offset with the C structures of the kernel's and
// glibc's headers, as the machine's C compiler lays them out.
func TestLayout(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no gcc to ask for the C layout (Debian package gcc)")
	}
	var u Ucontext
	var m Sigcontext
	var s Stack
	var i Siginfo
	var f Frame
	var a Sigaction
	rows := []struct {
		expr string
		got  uintptr
	}{
		{"offsetof(struct ucontext, uc_flags)", unsafe.Offsetof(u.Flags)},
		{"offsetof(struct ucontext, uc_link)", unsafe.Offsetof(u.Link)},
		{"offsetof(struct ucontext, uc_stack)", unsafe.Offsetof(u.Stack)},
		{"offsetof(struct ucontext, uc_mcontext)", unsafe.Offsetof(u.Mcontext)},
		{"offsetof(struct ucontext, uc_sigmask)", unsafe.Offsetof(u.Sigmask)},
		{"offsetof(struct sigcontext, r8)", unsafe.Offsetof(m.R8)},
		{"offsetof(struct sigcontext, r10)", unsafe.Offsetof(m.R10)},
		{"offsetof(struct sigcontext, rdi)", unsafe.Offsetof(m.RDI)},
		{"offsetof(struct sigcontext, rsi)", unsafe.Offsetof(m.RSI)},
		{"offsetof(struct sigcontext, rdx)", unsafe.Offsetof(m.RDX)},
		{"offsetof(struct sigcontext, rax)", unsafe.Offsetof(m.RAX)},
		{"offsetof(struct sigcontext, rcx)", unsafe.Offsetof(m.RCX)},
		{"offsetof(struct sigcontext, rsp)", unsafe.Offsetof(m.RSP)},
		{"offsetof(struct sigcontext, rip)", unsafe.Offsetof(m.RIP)},
		{"offsetof(struct sigcontext, eflags)", unsafe.Offsetof(m.EFLAGS)},
		{"offsetof(struct sigcontext, err)", unsafe.Offsetof(m.Err)},
		{"offsetof(struct sigcontext, fpstate)", unsafe.Offsetof(m.Fpstate)},
		{"sizeof(struct sigcontext)", unsafe.Sizeof(m)},
		{"offsetof(stack_t, ss_flags)", unsafe.Offsetof(s.Flags)},
		{"offsetof(stack_t, ss_size)", unsafe.Offsetof(s.Size)},
		{"sizeof(stack_t)", unsafe.Sizeof(s)},
		{"offsetof(siginfo_t, si_code)", unsafe.Offsetof(i.Code)},
		{"offsetof(siginfo_t, si_addr)", unsafe.Offsetof(i.Addr)},
		{"offsetof(siginfo_t, si_syscall)", unsafe.Offsetof(i.Syscall)},
		{"offsetof(siginfo_t, si_arch)", unsafe.Offsetof(i.Arch)},
		{"sizeof(siginfo_t)", unsafe.Sizeof(i)},
		// struct rt_sigframe is in no header: pretcode, ucontext, siginfo.
		{"8", unsafe.Offsetof(f.Uc)},
		{"8 + sizeof(struct ucontext)", unsafe.Offsetof(f.Info)},
		{"offsetof(struct sigaction, sa_flags)", unsafe.Offsetof(a.Flags)},
		{"offsetof(struct sigaction, sa_restorer)", unsafe.Offsetof(a.Restorer)},
		{"offsetof(struct sigaction, sa_mask)", unsafe.Offsetof(a.Mask)},
		{"sizeof(struct sigaction)", unsafe.Sizeof(a)},
	}
	exprs := make([]string, len(rows))
	for i, r := range rows {
		exprs[i] = r.expr
	}
	for i, want := range cValues(t, exprs) {
		if rows[i].got != want {
			t.Errorf("%s is %d in C, %d here", rows[i].expr, want, rows[i].got)
		}
	}
}

// cValues returns the values of C expressions over the kernel's headers.
func cValues(t *testing.T, exprs []string) []uintptr {
	t.Helper()
	src := `#include <stddef.h>
#include <asm/signal.h>
#include <asm/siginfo.h>
#include <asm/sigcontext.h>
#include <asm/ucontext.h>
int printf(const char *, ...);
int main(void) {
`
	for _, e := range exprs {
		src += "printf(\"%d\\n\", (int)(" + e + "));\n"
	}
	exe := filepath.Join(t.TempDir(), "layout")
	cmd := exec.Command("gcc", "-x", "c", "-o", exe, "-")
	cmd.Stdin = strings.NewReader(src + "}\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(exe).Output()
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(out))
	if len(fields) != len(exprs) {
		t.Fatalf("%d values for %d expressions", len(fields), len(exprs))
	}
	values := make([]uintptr, len(fields))
	for i, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		values[i] = uintptr(n)
	}
	return values
}
