package tracetool

import (
	"libsystrap/tracetool/text"
)

// Whether a long option takes an argument.
const (
	NoArgument = iota
	NeedsArgument
	MayHaveArgument // behind "=" only
)

// Long is one of strace's long options.
type Long struct {
	Name string
	Args int
	// Letter is the short option that does the same, or one of the values
	// below.
	Letter byte
}

// The letters of long options that have none.
const (
	optSeccomp = 0x80 + iota
	OptDaemonize
	optHex
	optFollow
	optSeparate
	optStamps
	optPidns
	optTips
	optTrace
	optAbbrev
	optVerbose
	optRaw
	optSignal
	optStatus
	optRead
	optWrite
	optFault
	optInject
	optKvm
	optQuiet
	optFds
	optPids
	optSecontext
	optNoFollow // of systrap trace to the library
	optSeveral
	optChecked
	optSupervised
	optZone
	optName
	optPidLevel
	optFoot
)

// Longs are the long options (strace(1)); those behind the last of strace's
// are what systrap trace adds for the library.
var Longs = [...]Long{
	{"columns", NeedsArgument, 'a'},
	{"output-append-mode", NoArgument, 'A'},
	{"detach-on", NeedsArgument, 'b'},
	{"summary-only", NoArgument, 'c'},
	{"summary", NoArgument, 'C'},
	{"debug", NoArgument, 'd'},
	{"daemonize", MayHaveArgument, OptDaemonize},
	{"daemonised", MayHaveArgument, OptDaemonize},
	{"daemonized", MayHaveArgument, OptDaemonize},
	{"env", NeedsArgument, 'E'},
	{"follow-forks", NoArgument, optFollow},
	{"output-separately", NoArgument, optSeparate},
	{"help", NoArgument, 'h'},
	{"instruction-pointer", NoArgument, 'i'},
	{"interruptible", NeedsArgument, 'I'},
	{"stack-traces", NoArgument, 'k'},
	{"syscall-number", NoArgument, 'n'},
	{"output", NeedsArgument, 'o'},
	{"summary-syscall-overhead", NeedsArgument, 'O'},
	{"attach", NeedsArgument, 'p'},
	{"trace-path", NeedsArgument, 'P'},
	{"relative-timestamps", MayHaveArgument, 'r'},
	{"string-limit", NeedsArgument, 's'},
	{"summary-sort-by", NeedsArgument, 'S'},
	{"absolute-timestamps", MayHaveArgument, optStamps},
	{"timestamps", MayHaveArgument, optStamps},
	{"syscall-times", MayHaveArgument, 'T'},
	{"user", NeedsArgument, 'u'},
	{"summary-columns", NeedsArgument, 'U'},
	{"no-abbrev", NoArgument, 'v'},
	{"version", NoArgument, 'V'},
	{"summary-wall-clock", NoArgument, 'w'},
	{"strings-in-hex", MayHaveArgument, optHex},
	{"const-print-style", NeedsArgument, 'X'},
	{"pidns-translation", NoArgument, optPidns},
	{"successful-only", NoArgument, 'z'},
	{"failed-only", NoArgument, 'Z'},
	{"failing-only", NoArgument, 'Z'},
	{"seccomp-bpf", NoArgument, optSeccomp},
	{"tips", MayHaveArgument, optTips},
	{"trace", NeedsArgument, optTrace},
	{"abbrev", NeedsArgument, optAbbrev},
	{"verbose", NeedsArgument, optVerbose},
	{"raw", NeedsArgument, optRaw},
	{"signals", NeedsArgument, optSignal},
	{"status", NeedsArgument, optStatus},
	{"read", NeedsArgument, optRead},
	{"write", NeedsArgument, optWrite},
	{"fault", NeedsArgument, optFault},
	{"inject", NeedsArgument, optInject},
	{"kvm", NeedsArgument, optKvm},
	{"quiet", MayHaveArgument, optQuiet},
	{"silent", MayHaveArgument, optQuiet},
	{"silence", MayHaveArgument, optQuiet},
	{"decode-fds", MayHaveArgument, optFds},
	{"decode-pids", NeedsArgument, optPids},
	{"secontext", MayHaveArgument, optSecontext},

	{"systrap-no-follow", NoArgument, optNoFollow},
	{"systrap-several", NoArgument, optSeveral},
	{"systrap-checked", NoArgument, optChecked},
	{"systrap-supervised", NoArgument, optSupervised},
	{"systrap-zone", NeedsArgument, optZone},
	{"systrap-name", NeedsArgument, optName},
	{"systrap-pid-level", NeedsArgument, optPidLevel},
	{"foot", NeedsArgument, optFoot}, // of trace-sysfoot
}

// FindLong finds a long option by its name or, as getopt_long(3) does, by the
// beginning of it that means one option only; matches is how many begin so.
func FindLong(name string) (o *Long, matches int) {
	for i := range Longs {
		if Longs[i].Name == name && (Longs[i].Letter != optFoot || footAllowed) {
			return &Longs[i], 1
		}
		if name == "" || !text.HasPrefix(Longs[i].Name, name) || Longs[i].Letter >= optNoFollow {
			continue
		}
		if o == nil {
			o = &Longs[i]
			matches = 1
		} else if o.Letter != Longs[i].Letter || o.Args != Longs[i].Args {
			matches++
		}
	}
	return o, matches
}

// ShortOptions are the letters in getopt(3)'s notation.
const ShortOptions = "a:Ab:cCdDe:E:fFhiI:kno:O:p:P:qrs:S:tTu:U:vVwxX:yYzZ"

// FindShort says whether -c is an option and whether it takes an argument.
func FindShort(c byte) (known, argument bool) {
	for i := 0; i < len(ShortOptions); i++ {
		if ShortOptions[i] == c && c != ':' {
			return true, i+1 < len(ShortOptions) && ShortOptions[i+1] == ':'
		}
	}
	return false, false
}
