package tracetool

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"libsystrap/internal/tracelog"
	"libsystrap/systrap/abi"
	"libsystrap/tracetool/text"
)

var pristine, plain = opt, text.Opt

// parseFor judges an option string; it returns what is said about it.
func parseFor(t *testing.T, s string) (ok bool, said string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	if e := tracelog.Open(append([]byte(path), 0), false); e != 0 {
		t.Fatalf("tracelog.Open: errno %d", e)
	}
	saved, seen := opt, text.Opt
	opt, text.Opt = pristine, plain
	given = givenOptions{}
	selectN, pathTextN, injectN, pokeN, pokeUsed, checked = 0, 0, 0, 0, 0, false
	sorting = colPercent
	columns = [numColumns]column{colPercent, colTotal, colAvg, colCalls, colErrors, colName}
	t.Cleanup(func() { opt, text.Opt = saved, seen; selectN, injectN = 0, 0 })
	ok = Check("strace", s) && Finish()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return ok, string(b)
}

// TestOptionErrors has options and what strace 6.1 says of them.
func TestOptionErrors(t *testing.T) {
	const help = "\nTry 'strace -h' for more information."
	for _, c := range []struct{ in, want string }{
		{"-e trace=open,nothing", "invalid system call 'nothing'"},
		{"-e trace=", "invalid system call ''"},
		{"-e trace=!", "invalid system call '!'"},
		{"-e 1000000", "invalid system call '1000000'"},
		{"-e trace=chdir@62", "incorrect personality designator '62' in qualification 'chdir@62'" + help},
		{"-e trace=/(", "regcomp: (: Unmatched ( or \\("},
		{"-e trace=/nosuchcall", "invalid system call '/nosuchcall'"},
		{"-e status=bad", "invalid status 'bad'"},
		{"-e signal=SIGX", "invalid signal 'SIGX'"},
		{"-e signal=256", "invalid signal '256'"},
		{"-e quiet=attach,x", "invalid quiet 'x'"},
		{"-e read=-1", "invalid descriptor '-1'"},
		{"-e decode-fds=dev,x", "invalid decode-fds 'x'"},
		{"-e inject=getpid", "invalid inject argument 'getpid'"},
		{"-e inject=getpid:error=0", "invalid inject argument 'getpid:error=0'"},
		{"-e inject=getpid:error=1:retval=2", "invalid inject argument 'getpid:error=1:retval=2'"},
		{"-e inject=getpid:when=0:error=1", "invalid inject argument 'getpid:when=0:error=1'"},
		{"-e inject=getpid:when=3..2:error=1", "invalid inject argument 'getpid:when=3..2:error=1'"},
		{"-e inject=getpid:signal=0", "invalid inject argument 'getpid:signal=0'"},
		{"-e inject=getpid:delay_enter=x", "invalid inject argument 'getpid:delay_enter=x'"},
		{"-e inject=getpid:syscall=open:error=1", "invalid inject argument 'getpid:syscall=open:error=1'"},
		{"-e inject=read:poke_exit=@arg8=00", "invalid inject argument 'read:poke_exit=@arg8=00'"},
		{"-e inject=read:poke_exit=@arg2=0", "invalid inject argument 'read:poke_exit=@arg2=0'"},
		{"-e inject=read:poke_exit=@arg2=00,@arg2=01", "invalid inject argument 'read:poke_exit=@arg2=00,@arg2=01'"},
		{"-e fault=getpid:retval=1", "invalid fault argument 'getpid:retval=1'"},
		{"-e fault=:error=1", "invalid system call ''"},
		{"-a x", "invalid -a argument: 'x'" + help},
		{"--columns=x", "invalid --columns argument: 'x'" + help},
		{"-s 1073741824", "invalid -s argument: '1073741824'" + help},
		{"-X x", "invalid -X argument: 'x'" + help},
		{"-O -1", "invalid -O argument: '-1'" + help},
		{"-b open", "Syscall 'open' for -b isn't supported"},
		{"-c -C", "-c/--summary-only and -C/--summary are mutually exclusive" + help},
		{"-w", "-w/--summary-wall-clock must be given with (-c/--summary-only or -C/--summary)" + help},
		{"-U name", "-U/--summary-columns must be given with (-c/--summary-only or -C/--summary)" + help},
		{"-c -U bad", "unknown column name: 'bad'" + help},
		{"-c -U calls,count", "call summary column has been provided more than once: 'count' (-U option residual: 'count')" + help},
		{"-c -S bad", "invalid sortby: 'bad'" + help},
		{"-ff -c", "(-c/--summary-only or -C/--summary) and -ff/--output-separately are mutually exclusive" + help},
		{"-ff -o |cat", "piping the output and -ff/--output-separately are mutually exclusive" + help},
		{"-f --follow-forks", "-f and --follow-forks cannot be provided simultaneously"},
		{"-ff --output-separately", "-ff and --output-separately cannot be provided simultaneously"},
		{"-t --timestamps", "-t and --absolute-timestamps cannot be provided simultaneously"},
		{"--timestamps=hours", "invalid --timestamps argument: 'hours'" + help},
		{"--relative-timestamps=h", "invalid --relative-timestamps argument: 'h'" + help},
		{"-x --strings-in-hex", "-x and --strings-in-hex cannot be provided simultaneously"},
		{"-y --decode-fds", "-y and --decode-fds cannot be provided simultaneously"},
		{"-q -e quiet=all", "-q and -e quiet/--quiet cannot be provided simultaneously"},
	} {
		ok, said := parseFor(t, c.in)
		if want := "strace: " + c.want + "\n"; ok || said != want {
			t.Errorf("%s: %v, %q, want %q", c.in, ok, said, want)
		}
	}
}

// TestOptionWarnings has options that are accepted with a remark.
func TestOptionWarnings(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"-c -i -n -r -t -T -y -o x", "-i/--instruction-pointer,-n/--syscall-number,-r/--relative-timestamps,-t/--absolute-timestamps,-T/--syscall-times,-y/--decode-fds"},
		{"-S name", "-S/--summary-sort-by has no effect without (-c/--summary-only or -C/--summary)"},
		{"-A", "-A/--output-append-mode has no effect without -o/--output"},
		{"-F", "option -F is deprecated, please use -f/--follow-forks instead"},
		{"-F -f", "deprecated option -F ignored"},
		{"-z -Z", "Only the last of -z/--successful-only/-Z/--failed-only options will take effect. See status qualifier for more complex filters."},
		{"-e inject=getpid:retval=-1", "Inadvertent injection of error 1 is possible for retval=18446744073709551615"},
		{"-P /dev/../etc", `Requested path "/dev/../etc" resolved into "/etc"`},
	} {
		ok, said := parseFor(t, c.in)
		said = strings.ReplaceAll(strings.TrimSuffix(said, "\n"), "strace: ", "")
		if strings.HasPrefix(c.in, "-c") {
			said = strings.ReplaceAll(strings.ReplaceAll(said, " has no effect with -c/--summary-only", ""), "\n", ",")
		}
		if !ok || said != c.want {
			t.Errorf("%s: %v, %q, want %q", c.in, ok, said, c.want)
		}
	}
}

// TestTraceSets has a set and which of some calls are in it.
func TestTraceSets(t *testing.T) {
	some := []int{unix.SYS_READ, unix.SYS_OPEN, unix.SYS_OPENAT, unix.SYS_STAT, unix.SYS_FSTAT, unix.SYS_STATFS, unix.SYS_GETPID, unix.SYS_CONNECT}
	for _, c := range []struct{ in, want string }{
		{"open", "open"},
		{"!open", "read openat stat fstat statfs getpid connect"},
		{"!!open", "open"},
		{"all", "read open openat stat fstat statfs getpid connect"},
		{"none", ""},
		{"!none", "read open openat stat fstat statfs getpid connect"},
		{"%file", "open openat stat statfs"},
		{"file,read", "read open openat stat statfs"},
		{"%%stat", "stat fstat"},
		{"%net,%pure", "getpid connect"},
		{"?nosuch,read", "read"},
		{"mmap2,read", "read"},
		{"read@64,open@32", "read"},
		{"0,2", "read open"},
		{"/^open", "open openat"},
		{"/^(open|stat)$", "open stat"},
		{"/stat", "stat fstat statfs"},
		{"/^f?stat(fs)?$,getpid", "stat fstat statfs getpid"},
		{"!/e", "stat fstat statfs"},
	} {
		var set text.Numbers
		if !callSet(&set, c.in) {
			t.Errorf("%s: not accepted", c.in)
			continue
		}
		var in []string
		for _, nr := range some {
			if set.Has(int64(nr)) {
				in = append(in, abi.Calls[nr].Name)
			}
		}
		if got := strings.Join(in, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
	}
}

// TestRegex compares the matcher with Go's on expressions that mean the same in
// both.
func TestRegex(t *testing.T) {
	words := []string{"", "a", "b", "ab", "aab", "abab", "openat", "_newselect", "read", "pread64", "statfs64", "aaa", "xay", "a.b", "1", "z]"}
	for _, e := range []string{
		"", "a", "^a", "a$", "^a$", "^$", "a*", "^a*$", "^a+$", "^a?b$", "(ab)+", "^(ab)+$", "^(a|b)$", "^(a|b)*$", "a|b|^$", "^(a|ab)(b|ab)?$",
		"[a-c]", "^[^a]", "^[^a]*$", "[0-9]+$", "^p?read(64)?$", "^.*a.*$", "^((a)|(b))+$", "^(_new)?select$", "^a{2}b$", "^a{1,2}b$", "^a{2,}$",
		"^a{0,1}$", "x(a|b)y", "(a|(b|c)*)d", "^[[:alpha:]]+$", "^[[:digit:]_]", `a\.b`, "[]z]$", "((((a))))", "(^a|b$)", "(a*)*b", "(a|)b",
	} {
		ref := regexp.MustCompilePOSIX(e)
		r := &regex{text: e}
		if msg := r.compile(); msg != "" {
			t.Errorf("%s: %s", e, msg)
			continue
		}
		for _, w := range words {
			if got, want := r.match(w), ref.MatchString(w); got != want {
				t.Errorf("/%s/ on %q: %v, want %v", e, w, got, want)
			}
		}
	}
	for e, want := range map[string]string{
		"(": "Unmatched ( or \\(", "[a": "Unmatched [, [^, [:, [., or [=", "*a": "Invalid preceding regular expression",
		`\`: "Trailing backslash", "a{2": "Invalid content of \\{\\}", "a{3,2}": "Invalid content of \\{\\}",
	} {
		if got := (&regex{text: e}).compile(); got != want {
			t.Errorf("/%s/: %q, want %q", e, got, want)
		}
	}
}

func TestInterval(t *testing.T) {
	for _, c := range []struct {
		in      string
		sec, ns int64
		ok      bool
	}{
		{"1", 0, 1000, true}, {"1s", 1, 0, true}, {"1500ms", 1, 5e8, true}, {"0.5s", 0, 5e8, true}, {"+3ns", 0, 3, true},
		{"1e3us", 0, 1e6, true}, {"12.5e-1s", 1, 25e7, true}, {".5", 0, 500, true}, {"1e6", 1, 0, true}, {"0", 0, 0, true},
		{"", 0, 0, false}, {"s", 0, 0, false}, {"1m", 0, 0, false}, {"-1", 0, 0, false}, {"1e", 0, 0, false}, {"1.2.3", 0, 0, false},
	} {
		got, ok := interval(c.in)
		if ok != c.ok || ok && (got.Sec != c.sec || got.Nsec != c.ns) {
			t.Errorf("%s: %v %v", c.in, got, ok)
		}
	}
}

// TestWhen has when= and which of the first calls are hit.
func TestWhen(t *testing.T) {
	for in, want := range map[string]string{
		"": "1111111111", "when=3": "0010000000", "when=3+": "0011111111", "when=2+3": "0100100100", "when=2..5": "0111100000",
		"when=2..7+2": "0101010000", "when=1": "1000000000", "when=4..4": "0001000000", "when=1..1+9": "1000000000",
	} {
		word := ""
		if in != "" {
			word = ":" + in
		}
		if ok, said := parseFor(t, "-e inject=getppid:error=EIO"+word); !ok {
			t.Errorf("%s: %s", in, said)
			continue
		}
		makeInjections()
		got := ""
		for range want {
			if due(unix.SYS_GETPPID, 77) != nil {
				got += "1"
			} else {
				got += "0"
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
		if due(unix.SYS_GETPID, 77) != nil {
			t.Errorf("%s: getpid is hit", in)
		}
		if hit := due(unix.SYS_GETPPID, 78) != nil; hit != (want[0] == '1') {
			t.Errorf("%s: another thread's first call: %v", in, hit)
		}
	}
	injectTable = nil
}

// TestSummary checks the table of -c on numbers whose places are known.
func TestSummary(t *testing.T) {
	c := new(Counts)
	add := func(nr int64, failed bool, us int64) { c.count(nr, failed, us*1000) }
	add(unix.SYS_READ, false, 10)
	add(unix.SYS_READ, true, 30)
	add(unix.SYS_OPEN, false, 160)
	for _, tc := range []struct{ options, want string }{
		{"-c", `
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 80.00    0.000160         160         1           open
 20.00    0.000040          20         2         1 read
------ ----------- ----------- --------- --------- ----------------
100.00    0.000200          66         3         1 total
`},
		{"-c -S calls -U name,calls,min-time,max-time", `
syscall              calls shortest  longest
---------------- --------- -------- --------
read                     2 0.000010 0.000030
open                     1 0.000160 0.000160
---------------- --------- -------- --------
total                    3 0.000010 0.000160
`},
	} {
		if ok, said := parseFor(t, tc.options); !ok {
			t.Fatal(said)
		}
		buf := make([]byte, 4096)
		if got := "\n" + string(buf[:c.Summary(buf)]); got != tc.want {
			t.Errorf("%s:%s\nwant%s", tc.options, got, tc.want)
		}
	}
}
