package e2e

import (
	"os"
	"regexp"
	"testing"
)

// Runtimes that make machine code. Their sources are in testdata/runtimes.

// slowRuntimes are run by `make runtimes`, which installs them first.
const slowRuntimes = "E2E_RUNTIMES"

func TestRuntimes(t *testing.T) {
	for _, p := range []program{
		{name: "node", needs: []string{"node"}, script: `node $DATA/jit.js; echo $?`, exes: []string{"node"}},
		{name: "java", needs: []string{"java", "javac"}, script: `javac -d . $DATA/Jit.java && java -Xmx256m -XX:+UseSerialGC Jit; echo $?; rm *.class`, exes: []string{"java", "javac"}},
		{name: "luajit", needs: []string{"luajit"}, script: `luajit $DATA/jit.lua; echo $?; luajit -joff $DATA/jit.lua; echo $?`, exes: []string{"luajit"}, counters: discovered(2200)},
		{name: "pypy3", needs: []string{"pypy3"}, script: `pypy3 -B $DATA/jit.py; echo $?`, exes: []string{"pypy3"}, counters: discovered(1001)},
		{name: "ctypes", needs: []string{"/usr/bin/python3"}, script: `/usr/bin/python3 $DATA/jit.py; echo $?`, exes: []string{"python3"}, counters: discovered(1001)},
		{name: "qemu-user", needs: []string{"qemu-x86_64", "gcc"}, script: `gcc -O1 -w -static -pthread -o guest $DATA/guest.c && qemu-x86_64 ./guest; echo $?; rm guest`, exes: []string{"qemu-x86_64"}},
		{name: "pcre2", needs: []string{"pcre2test", "pcre2grep"}, script: `pcre2test -jit -q $DATA/pcre2.txt; seq 1 60000 | awk '{print "line " $1*7919%10007 " key=" $1 " tail"}' > big; pcre2grep -c '(\d)(\d)\2\1' big; pcre2grep -o1 'key=(\d*7\d)(?= tail)' big | md5sum; printf 'a1\nb2\n' | grep -P '^\w(?=\d)'`, exes: []string{"pcre2test", "pcre2grep", "grep"}},
		{name: "sbcl", needs: []string{"sbcl"}, script: `sbcl --noinform --no-sysinit --no-userinit --disable-debugger --load $DATA/jit.lisp; echo $?`, exes: []string{"sbcl"}, norm: noIDs},
	} {
		p.runAs(t)
	}
}

// discovered is what machine code that makes n calls must leave in the report.
func discovered(n int) []counter { return []counter{{"discovered", n}} }

var idNumbers = regexp.MustCompile(`\b([pt]id )[0-9]+|(0x)[0-9a-f]+`)

// noIDs takes process ids and addresses out of a text.
func noIDs(s string) string { return idNumbers.ReplaceAllString(s, "$1$2") }

func TestSlowRuntimes(t *testing.T) {
	if os.Getenv(slowRuntimes) == "" {
		t.Skip("`make runtimes` runs these")
	}
	java := func(name, options string) program {
		return program{name: name, needs: []string{"java", "javac"}, exes: []string{"java"},
			script: `javac -d . $DATA/Jit.java && java -Xmx256m ` + options + ` Jit; echo $?; rm *.class`}
	}
	// A Windows program is started in a new prefix, with a server of its own.
	const wine = `export WINEDEBUG=-all WINEPREFIX=$(mktemp -d); wine=$(command -v wine64 || echo /usr/lib/wine/wine64); dir=/usr/lib/wine
x86_64-w64-mingw32-gcc -O1 -o $WINEPREFIX/p.exe $DATA/windows.c || exit 1
$wine --version; $wine $WINEPREFIX/p.exe 2>/dev/null; echo $?; $dir/wineserver -w; cat out.txt; rm -r $WINEPREFIX`
	// The page's text; what chromium says of D-Bus is full of process ids.
	const chromium = `mkdir -m 777 /tmp/$$.u; HOME=/tmp/$$.u $AS chromium --headless --disable-gpu --user-data-dir=/tmp/$$.u $SANDBOX --dump-dom file://$DATA/page.html 2>/dev/null; echo $?; rm -r /tmp/$$.u`
	// A boot sector: a loop that rewrites itself, a sum on the serial port, the end.
	const bootSector = `printf '\372\061\300\216\330\271\000\020\061\333\260\001\000\303\376\006\013\174\342\366\272\370\003\260\142\356\260\157\356\260\157\356\260\164\356\260\012\356\210\330\044\017\004\101\356\260\012\356\272\364\000\260\003\356\364\353\375' >boot; truncate -s 510 boot; printf '\125\252' >>boot
machine="-display none -serial stdio -monitor none -net none -m 32 -device isa-debug-exit,iobase=0xf4,iosize=1 -drive file=boot,format=raw,snapshot=on"
for mode in tcg,thread=multi tcg,split-wx=on; do qemu-system-x86_64 -accel $mode $machine; echo $?; done; rm boot`
	for _, p := range []program{
		java("java-c1", "-XX:TieredStopAtLevel=1"),
		java("java-c2", "-XX:-TieredCompilation"),
		java("java-xcomp", "-Xcomp"),
		java("java-zgc", "-XX:+UseZGC"),
		java("java-interpreter", "-Xint"),
		{name: "jshell", needs: []string{"jshell"}, exes: []string{"jshell", "java"},
			script: `jshell -J-Duser.home=$PWD -s - <$DATA/session.jsh 2>/dev/null; echo $?; jshell -J-Duser.home=$PWD -s --execution local - <$DATA/session.jsh 2>/dev/null; echo $?; rm -rf .java`},
		{name: "mono", needs: []string{"mono", "mcs"}, exes: []string{"mono"},
			script: `mcs -r:System.Core -out:m.exe $DATA/Jit.cs 2>/dev/null; mono m.exe; echo $?; rm m.exe`},
		{name: "erlang", needs: []string{"erl", "erlc"}, exes: []string{"beam.smp"},
			script: `erlc $DATA/jit.erl && erl +S 2 -noshell -s jit main; echo $?; rm jit.beam`},
		{name: "php", needs: []string{"php"}, exes: []string{"php"},
			script: `for mode in tracing function; do php -d opcache.enable_cli=1 -d opcache.jit=$mode -d opcache.jit_buffer_size=16M -d opcache.protect_memory=1 $DATA/jit.php; echo $?; done`},
		{name: "guile", needs: []string{"guile"}, exes: []string{"guile"},
			script: `guile --no-auto-compile $DATA/jit.scm; echo $?; GUILE_JIT_THRESHOLD=0 guile --no-auto-compile $DATA/jit.scm; echo $?`},
		// Code in two views of one memory (split-wx).
		{name: "qemu-system", needs: []string{"qemu-system-x86_64"}, exes: []string{"qemu-system-x86_64"}, script: bootSector},
		// Samples taken by SIGPROF, in compiled code and in calls.
		{name: "profilers", needs: []string{"node", "luajit"}, exes: []string{"node", "luajit"},
			script: `node --cpu-prof --cpu-prof-interval 200 --cpu-prof-dir=p $DATA/jit.js; ls p | wc -l; node --prof $DATA/jit.js; ls *.log | wc -l; luajit -jp=vi1 $DATA/jit.lua | grep -c Compiled; rm -r p *.log`},
		{name: "ghci", needs: []string{"ghci", "ghc"}, exes: []string{"ghc"},
			script: `ghci -v1 <$DATA/ghci.txt; ghc -e 'product [1..20]'; echo $?`},
		{name: "wine", needs: []string{"x86_64-w64-mingw32-gcc", "/usr/lib/wine/wineserver"}, exes: []string{"wine64", "wineserver64"}, script: wine},
		{name: "chromium", needs: []string{"chromium"}, exes: []string{"chromium"}, script: `SANDBOX=--no-sandbox; ` + chromium},
		// Its sandbox is namespaces and seccomp filters, and not for root.
		{name: "chromium-sandbox", needs: []string{"chromium", "setpriv"}, exes: []string{"chromium"},
			// A process that has given up its root directory says that it cannot report.
			ownLines: []string{`silent: .*/report: cannot write the report here \(SYSTRAP_REPORT\)`},
			script:   `[ $(id -u) != 0 ] || AS="setpriv --reuid=65534 --regid=65534 --clear-groups"; ` + chromium},
	} {
		p.runAs(t)
	}
}
