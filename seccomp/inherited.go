package seccomp

import "golang.org/x/sys/unix"

// What is known of a filter's verdict on calls with some arguments, of those that let a
// call through for some only. The first four are looked at; a bit of known says that an
// argument must be the one given.

type partial struct {
	nr    uint16
	known uint8
	args  [4]uint64
}

// arguments are the calls that the library makes at its start and in which filters
// look at the arguments.
var arguments = [...]partial{
	{unix.SYS_PRCTL, 0b0011, [4]uint64{prSetDispatch, 0}},
	{unix.SYS_PRCTL, 0b0011, [4]uint64{prSetDispatch, 1}},
	{unix.SYS_FCNTL, 0b0010, [4]uint64{0, unix.F_DUPFD_CLOEXEC}},
	{unix.SYS_FCNTL, 0b0010, [4]uint64{0, unix.F_SETFD}},
	{unix.SYS_FCNTL, 0b0010, [4]uint64{0, unix.F_SETLK}},
	{unix.SYS_FCNTL, 0b0010, [4]uint64{0, unix.F_GETFL}},
	{unix.SYS_IOCTL, 0b0010, [4]uint64{0, fioclex}},
	{unix.SYS_IOCTL, 0b0010, [4]uint64{0, fionclex}},
	{unix.SYS_PERSONALITY, 0b0001, [4]uint64{0xffffffff}},
	{unix.SYS_MMAP, 0b0100, [4]uint64{0, 0, unix.PROT_NONE}},
	{unix.SYS_MMAP, 0b0100, [4]uint64{0, 0, unix.PROT_READ}},
	{unix.SYS_MMAP, 0b0100, [4]uint64{0, 0, unix.PROT_READ | unix.PROT_WRITE}},
	{unix.SYS_MPROTECT, 0b0100, [4]uint64{0, 0, unix.PROT_READ}},
	{unix.SYS_MPROTECT, 0b0100, [4]uint64{0, 0, unix.PROT_READ | unix.PROT_WRITE}},
	{unix.SYS_MPROTECT, 0b0100, [4]uint64{0, 0, unix.PROT_READ | unix.PROT_EXEC}},
	{unix.SYS_MPROTECT, 0b0100, [4]uint64{0, 0, unix.PROT_READ | unix.PROT_WRITE | unix.PROT_EXEC}},
	{unix.SYS_MADVISE, 0b0100, [4]uint64{0, 0, unix.MADV_WIPEONFORK}},
	{unix.SYS_PRLIMIT64, 0b0001, [4]uint64{0}},
	{unix.SYS_OPENAT, 0b0101, [4]uint64{atFdcwd, 0, unix.O_RDONLY | unix.O_CLOEXEC}},
	{unix.SYS_OPENAT, 0b0101, [4]uint64{atFdcwd, 0, unix.O_RDWR | unix.O_CLOEXEC}},
	{unix.SYS_OPENAT, 0b0101, [4]uint64{atFdcwd, 0, unix.O_PATH | unix.O_CLOEXEC}},
	{unix.SYS_WRITE, 0b0001, [4]uint64{2}},
	{unix.SYS_SOCKET, 0b0001, [4]uint64{unix.AF_NETLINK}},
	{unix.SYS_CLOCK_GETTIME, 0b0001, [4]uint64{unix.CLOCK_REALTIME}},
	{unix.SYS_CLOCK_GETTIME, 0b0001, [4]uint64{unix.CLOCK_MONOTONIC}},
}

const (
	prSetDispatch = 59     // PR_SET_SYSCALL_USER_DISPATCH (include/uapi/linux/prctl.h)
	fioclex       = 0x5451 // FIOCLEX and FIONCLEX (include/uapi/asm-generic/ioctls.h)
	fionclex      = 0x5450
	atFdcwd       = ^uint64(0) - 99 // AT_FDCWD, -100
)

var _ [64 - len(arguments)]byte

// matches says whether the call is one of p.
func (p *partial) matches(nr, a0, a1, a2, a3 uintptr) bool {
	return nr == uintptr(p.nr) &&
		(p.known&1 == 0 || uint64(a0) == p.args[0]) && (p.known&2 == 0 || uint64(a1) == p.args[1]) &&
		(p.known&4 == 0 || uint64(a2) == p.args[2]) && (p.known&8 == 0 || uint64(a3) == p.args[3])
}

// someAllow says whether the inherited filters are known to let the call through.
func (s *State) someAllow(nr, a0, a1, a2, a3 uintptr) bool {
	for i := range arguments {
		if s.some>>i&1 != 0 && arguments[i].matches(nr, a0, a1, a2, a3) {
			return true
		}
	}
	return false
}

// Partial returns the bits of a summary's last word that stand for calls like this one,
// whose verdict depends on the arguments; any address of prSetDispatch's is.
func Partial(nr, a0, a1, a2 uintptr) (bits uint64) {
	for i := range arguments {
		p := &arguments[i]
		if p.matches(nr, a0, a1, a2, 0) || nr == unix.SYS_PRCTL && p.nr == unix.SYS_PRCTL && a0 == uintptr(p.args[0]) {
			bits |= 1 << i
		}
	}
	return bits
}

// allowPartial says whether programs let p through, whatever else its arguments are.
func allowPartial(programs [][]Insn, p *partial) bool {
	var d Data
	d[wordNumber], d[wordArch] = uint32(p.nr), auditArchX8664
	unknown := uint32(ipWords | argsWords)
	for i, v := range p.args {
		if p.known>>i&1 != 0 {
			d.setArg(i, uintptr(v))
			unknown &^= 3 << (wordArgs + 2*i)
		}
	}
	for _, f := range programs {
		if a, known := run(f, &d, unknown); !known || !passes(a) {
			return false
		}
	}
	return true
}

// SummaryWords is the length of a summary.
const SummaryWords = Numbers/64 + 1

// Summary is what the next image of this process is told of the filters, for [Inherit]:
// the calls that pass whatever their arguments, and those of the table that do.
func Summary(to *[SummaryWords]uint64) {
	copy(to[:], now.always[:])
	some := uint64(0)
	for i := range arguments {
		p := &arguments[i]
		if !now.closed && (!now.inherited || now.some>>i&1 != 0 || now.before.has(uintptr(p.nr))) && allowPartial(filters[:now.count], p) {
			some |= 1 << i
		}
	}
	to[SummaryWords-1] = some
}

// SummaryOf is Summary for a process that is behind programs, all of them.
func SummaryOf(programs [][]Insn, to *[SummaryWords]uint64) {
	var s State
	for i := range s.always {
		s.always[i] = ^uint64(0)
	}
	for _, p := range programs {
		s.take(p)
	}
	copy(to[:], s.always[:])
	to[SummaryWords-1] = 0
	for i := range arguments {
		if allowPartial(programs, &arguments[i]) {
			to[SummaryWords-1] |= 1 << i
		}
	}
}

// Dispatches says whether filters with that summary let a process have its calls reported, and not reported
// (PR_SET_SYSCALL_USER_DISPATCH).
func Dispatches(summary *[SummaryWords]uint64) bool {
	const offAndOn = 0b11 // the first of arguments
	return summary[unix.SYS_PRCTL/64]>>(unix.SYS_PRCTL%64)&1 != 0 || summary[SummaryWords-1]&offAndOn == offAndOn
}

// Learn takes in that the filters that were there before let call nr through.
func Learn(nr uintptr) {
	now.before.add(nr)
	var s [SummaryWords]uint64
	copy(s[:], now.before[:])
	s[SummaryWords-1] = now.some
	Inherit(&s)
}

// Inherit takes in what is known of the filters that were there before, by the summary
// of the image before, or better than it was known.
func Inherit(from *[SummaryWords]uint64) {
	now.inherited, now.some = true, from[SummaryWords-1]
	copy(now.before[:], from[:])
	now.always = now.before
	for _, f := range filters[:now.count] {
		now.take(f)
	}
	if now.closed {
		now.always = set{}
	}
	On = true
}
