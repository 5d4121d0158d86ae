package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// program is a shell script that exercises one program, and what must have been
// trapped in it.
type program struct {
	name   string
	needs  []string // commands, as Debian installs them
	script string
	exes   []string
	// shell runs the script: bash if empty.
	shell string
	norm  func(string) string
	// counters and ownLines are those of spec.
	counters []counter
	ownLines []string
}

// run compares the program with itself, or skips if the machine lacks it.
func (p program) run(t *testing.T) {
	t.Parallel()
	need(t, p.needs...)
	if p.counters != nil {
		needMachine(t, "dispatch")
	}
	shell := p.shell
	if shell == "" {
		shell = "/bin/bash"
	}
	data, err := filepath.Abs("testdata/runtimes")
	if err != nil {
		t.Fatal(err)
	}
	s := spec{
		args:      []string{shell, "-c", p.script},
		env:       []string{"DATA=" + data},
		counters:  p.counters,
		ownLines:  p.ownLines,
		setup:     makeTree,
		exes:      p.exes,
		normalise: p.norm,
	}
	compare(t, s)
	if !t.Failed() {
		s.trace = true
		t.Run("tracing", func(t *testing.T) { compareWith(t, s, traceLib) })
		s.trace = false
		t.Run("footprint", func(t *testing.T) { checkFootprints(t, s) })
	}
}

// need skips the test when a command is missing (install-packages gets them).
func need(t *testing.T, commands ...string) {
	t.Helper()
	for _, c := range commands {
		if _, err := exec.LookPath(c); err != nil {
			t.Skipf("%s is not installed (e2e/packages.txt names its Debian package)", c)
		}
	}
}

// makeTree makes files to work on, with fixed times.
func makeTree(dir string) error {
	when := time.Unix(1e9, 0)
	for _, f := range []struct {
		name string
		mode os.FileMode
		size int
	}{
		{"in/a.txt", 0o644, 10}, {"in/b.txt", 0o600, 5000}, {"in/sub/c.bin", 0o755, 200000},
		{"in/sub/deep/d", 0o444, 0}, {"in/with space", 0o640, 1},
	} {
		path := filepath.Join(dir, f.name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		text := strings.Repeat("line of "+f.name+"\n", f.size/16+1)[:f.size]
		if err := os.WriteFile(path, []byte(text), f.mode); err != nil {
			return err
		}
		if err := os.Chtimes(path, when, when); err != nil {
			return err
		}
	}
	if err := os.Symlink("../a.txt", filepath.Join(dir, "in/sub/link")); err != nil {
		return err
	}
	at := unix.NsecToTimeval(when.UnixNano()) // ls shows the time of the link itself
	if err := unix.Lutimes(filepath.Join(dir, "in/sub/link"), []unix.Timeval{at, at}); err != nil {
		return err
	}
	for _, d := range []string{"in/sub/deep", "in/sub", "in"} {
		if err := os.Chtimes(filepath.Join(dir, d), when, when); err != nil {
			return err
		}
	}
	return nil
}

func TestCoreutils(t *testing.T) {
	for _, p := range []program{
		{name: "ls", script: `ls -la --time-style=+%s in/sub; ls -lR --time-style=+%s in; ls nowhere`, exes: []string{"ls"}},
		{name: "cat", script: `cat in/b.txt in/sub/c.bin | md5sum; cat < in/a.txt; cat in/missing; exit 0`, exes: []string{"cat", "md5sum"}},
		{name: "cp", script: `cp -a in out && cp -r --sparse=always in out2 && ls out2 && diff -r in out`, exes: []string{"cp", "diff"}},
		{name: "find", script: `find in -type f -size +1k -printf '%p %s %m\n' | sort; find in -name '*.txt' -exec wc -c {} +; find in -name '*.txt' -print0 | xargs -0 -P 4 -n 1 wc -l | sort`, exes: []string{"find", "xargs", "wc"}},
		{name: "tar", script: `tar cf x.tar --mtime=@0 --sort=name in && tar tvf x.tar && mkdir out && tar xpf x.tar -C out && tar czf - --mtime=@0 --sort=name in | tar tz`, exes: []string{"tar", "gzip"}},
		{name: "gzip", script: `gzip -9nk in/sub/c.bin && gzip -l in/sub/c.bin.gz && zcat in/sub/c.bin.gz | cmp - in/sub/c.bin && gzip -t in/a.txt; echo $?`, exes: []string{"gzip", "cmp"}},
		{name: "sort", script: `seq 200000 | sort -R --random-source=/dev/zero | sort -n --parallel=4 -S 1M -T . | md5sum`, exes: []string{"sort"}},
		{name: "dd", script: `dd if=/dev/zero of=f bs=64k count=16 status=none; dd if=f bs=1k skip=3 count=2 of=g conv=notrunc status=none; truncate -s 5M h; stat -c '%n %s' f g h; tee a b < in/a.txt; ln a c; mv b d; rm -rf in; mkdir -p x/y; rmdir x/y; touch -d @5 e; chmod 700 d; readlink -f e | wc -l; timeout 0.1 sleep 5; echo $?; nice -n 3 nice; nohup true; env -i /bin/pwd | wc -l`, exes: []string{"dd", "tee", "timeout", "touch"}},
	} {
		p.script += "\n:" // the status of the last command is in the output where it matters
		if p.name == "cp" || p.name == "gzip" || p.name == "tar" {
			p.script = strings.TrimSuffix(p.script, "\n:")
		}
		t.Run(p.name, p.run)
	}
}

func TestShells(t *testing.T) {
	for _, p := range []program{
		{name: "bash-pipes", script: `seq 2000 | sed s/1/x/ | awk '{n += length($0)} END {print n}'; (cd / && pwd); x=$(echo sub; (exit 3)); echo "$x $?"; for i in 1 2 3; do echo $i; done | wc -l; false | true; echo "${PIPESTATUS[@]}"; set -o pipefail; false | true; echo $?; diff <(echo 1) <(echo 2); yes | head -1; echo $?`, exes: []string{"bash", "sed", "head"}},
		{name: "bash-jobs", script: `sleep 0.2 & sleep 0.1 & wait; echo $?; (exit 7) & wait $!; echo $?; sleep 5 & kill $!; wait $!; echo $?; set -m; sleep 3 & fg >/dev/null; coproc cat; echo hi >&"${COPROC[1]}"; read -r l <&"${COPROC[0]}"; echo "$l"; ulimit -n 64; ls / >/dev/null; echo $?; exec 5<in/a.txt; read -r l <&5; echo "$l"; kill $COPROC_PID; wait $COPROC_PID; echo $?`, exes: []string{"bash", "sleep"}},
		{name: "bash-traps", script: `trap 'echo usr1' USR1; kill -USR1 $$; trap 'echo ill' ILL; kill -ILL $$; trap 'echo chld' CHLD; /bin/true; trap - CHLD; trap 'echo bye' EXIT; (kill -TERM $BASHPID); echo $?; (kill -ILL $BASHPID) 2>/dev/null; echo $?; (ulimit -c 0; kill -SEGV $BASHPID) ; echo $?; trap -p`, exes: []string{"bash"}, norm: hexNumbers},
		{name: "bash-script", script: "printf '#!/bin/bash -e\\necho $0 \"$@\"\\nfalse\\necho no\\n' > s; chmod +x s; ./s a 'b c'; echo $?; ./in/a.txt; echo $?; nonsense; echo $?; exec -a other bash -c 'echo $0'", exes: []string{"bash"}},
		{name: "dash-pipes", shell: "/bin/dash", script: `seq 100 | grep 1 | wc -l; sleep 0.1 & wait; echo $?; x=$(echo a | tr a b | tr b c); echo $x; for i in 1 2 3 4 5; do echo $i | cat | cat; done; dash -c 'trap "echo int" INT; kill -INT $$; echo on'; sleep 3 & kill -TERM $!; wait $!; echo $?; echo x | while read -r y; do echo $y; done`, exes: []string{"dash", "grep", "wc", "tr"}},
		{name: "many-forks", shell: "/bin/dash", script: `i=0; while [ $i -lt 100 ]; do (exit $((i % 7))) || j=$((j + $?)); i=$((i+1)); done; echo $j`, exes: []string{"dash"}},
	} {
		t.Run(p.name, p.run)
	}
}

func TestDevelopment(t *testing.T) {
	const ident = `export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=n GIT_AUTHOR_EMAIL=e GIT_COMMITTER_NAME=n GIT_COMMITTER_EMAIL=e GIT_AUTHOR_DATE=2020-01-01T00:00:00Z GIT_COMMITTER_DATE=2020-01-01T00:00:00Z
`
	for _, p := range []program{
		{name: "git", needs: []string{"git"}, script: ident + `cp -r in w && cd w && git init -q -b main . && git add . && git commit -qm one && echo x >> a.txt && git diff && git commit -qam two && git log --stat -p && git checkout -q -b b HEAD~1 && echo y > z && git add z && git commit -qm three && git merge -q main -m merge && git log --graph --oneline && git gc -q && git fsck && cd .. && git clone -q w c && git -C c status && git -C c grep -c line; rm -rf w c`, exes: []string{"git"}},
		{name: "make-gcc", needs: []string{"make", "gcc"}, script: `printf '#include <stdio.h>\nint f(int);int main(void){printf("%%d\\n",f(3));return 5;}\n' > m.c; printf 'int f(int x){return x*x;}\n' > f.c; printf 'p: m.o f.o\n\tgcc -o $@ $^\n%%.o: %%.c\n\tgcc -O2 -g -c $<\nclean:\n\trm -f *.o\n' > Makefile; make -j3 --output-sync=target 2>&1 | sort && ./p; echo $?; make; make nothing; echo $?; strip p; make clean`, exes: []string{"make", "gcc", "as", "p"}},
		{name: "perl", needs: []string{"perl"}, script: `perl -e 'print qx(echo x); my $p = fork; exit 4 if !$p; waitpid $p, 0; print $? >> 8, "\n"; $SIG{ALRM} = sub { die "alarm\n" }; eval { alarm 1; select undef, undef, undef, 5 }; print $@; open F, "<in/b.txt"; my @l = sort <F>; print scalar(@l), "\n"; pipe R, W; if (!fork) { close R; print W "child\n"; exit } close W; print <R>; wait; system "exit 3"; print $?, "\n"; $SIG{ILL} = sub { print "ill\n" }; kill ILL => $$; exec "echo", "done"'`, exes: []string{"perl", "echo"}},
		{name: "sqlite3", needs: []string{"sqlite3"}, script: `sqlite3 t.db "pragma journal_mode=wal; create table t(a,b); with recursive c(x) as (select 1 union all select x+1 from c where x<20000) insert into t select x, x*2 from c; select count(*), sum(b) from t; create index i on t(b); select a from t where b=500; vacuum;" && sqlite3 t.db .dump | md5sum; sqlite3 t.db 'select * from none'; echo $?`, exes: []string{"sqlite3"}},
	} {
		t.Run(p.name, p.run)
	}
}
