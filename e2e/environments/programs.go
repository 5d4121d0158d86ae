package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// program is what runs in each environment.
type program struct {
	name string
	args []string
}

// fixtures are programs of e2e/testdata that need nothing built beside them, are quick,
// and print the same in any environment: each stands for a subject.
var fixtures = []string{
	"signal_basic", "signal_fault", "signal_reset", "mask_waits", "jmp_handlers", "sigill_genuine", "altstack_state",
	"vfork_exec", "clone_clone3", "clone_libc", "fork_handlers", "fork_threads", "thread_tls",
	"exit_ways", "mem_mappings", "mem_jit", "redzone_leaf", "stack_small", "musl_basics",
}

// scripts are programs of the machine.
var scripts = []struct{ name, need, script string }{
	{"ls", "ls", `ls -la /usr/bin/. | wc -l; ls /nonexistent; exit 3`},
	{"shell", "bash", `bash -c 'for i in 1 2 3; do (exit $i) || echo $?; done | sort -r; x=$(echo a | tr a b); echo $x; kill -TERM $$' ; echo $?`},
	{"python", "/usr/bin/python3", `/usr/bin/python3 -S -c 'import subprocess, threading, os
t = [threading.Thread(target=lambda: os.getppid()) for i in range(8)]; [x.start() for x in t]; [x.join() for x in t]
print(subprocess.run(["/bin/sh", "-c", "exit 4"]).returncode, subprocess.check_output(["/bin/echo", "x"]))'`},
	{"perl", "perl", `perl -e 'print qx(echo x); my $p = fork; exit 4 if !$p; waitpid $p, 0; print $? >> 8, "\n"; kill "USR1", $$; print "no\n"'`},
}

var ccDirective = regexp.MustCompile(`(?m)^//e2e:(cc|flags) (.*)$`)

// build compiles the fixtures into dir. What cannot be built is said in skips.
func build(dir string, wanted []string) (all []program, skips []string, err error) {
	for _, name := range fixtures {
		if !chosen(name, wanted) {
			continue
		}
		source := filepath.Join("e2e", "testdata", name+".c")
		text, err := os.ReadFile(source)
		if err != nil {
			return nil, nil, err
		}
		cc, flags := "gcc", []string(nil)
		for _, m := range ccDirective.FindAllStringSubmatch(string(text), -1) {
			if m[1] == "cc" {
				cc = m[2]
			} else {
				flags = append(flags, strings.Fields(m[2])...)
			}
		}
		if _, err := exec.LookPath(cc); err != nil {
			skips = append(skips, fmt.Sprintf("%s: %s is not installed (e2e/packages.txt)", name, cc))
			continue
		}
		exe := filepath.Join(dir, name)
		args := append([]string{"-O1", "-w", "-D_GNU_SOURCE", "-pthread", "-Ie2e/testdata", "-o", exe, source}, flags...)
		if out, err := exec.Command(cc, args...).CombinedOutput(); err != nil {
			return nil, nil, fmt.Errorf("%s %v: %w\n%s", cc, args, err, out)
		}
		all = append(all, program{name, []string{exe}})
	}
	for _, s := range scripts {
		if !chosen(s.name, wanted) {
			continue
		}
		if _, err := exec.LookPath(s.need); err != nil {
			skips = append(skips, fmt.Sprintf("%s: %s is not installed (e2e/packages.txt)", s.name, s.need))
			continue
		}
		all = append(all, program{s.name, []string{"/bin/sh", "-c", s.script}})
	}
	return all, skips, nil
}

func chosen(name string, wanted []string) bool {
	for _, w := range wanted {
		if w == name {
			return true
		}
	}
	return len(wanted) == 0
}
