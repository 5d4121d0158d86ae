package abi

// MaxSignal is the highest number of a signal (_NSIG of asm/signal.h).
const MaxSignal = 64

// signals are the names of signals on x86-64 (signal(7)), of which the kernel's SIGRTMIN is 32.
var signals = [MaxSignal + 1]string{
	1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL",
	10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM", 16: "SIGSTKFLT", 17: "SIGCHLD",
	18: "SIGCONT", 19: "SIGSTOP", 20: "SIGTSTP", 21: "SIGTTIN", 22: "SIGTTOU", 23: "SIGURG", 24: "SIGXCPU", 25: "SIGXFSZ",
	26: "SIGVTALRM", 27: "SIGPROF", 28: "SIGWINCH", 29: "SIGIO", 30: "SIGPWR", 31: "SIGSYS", 32: "SIGRTMIN",
	33: "SIGRT_1", 34: "SIGRT_2", 35: "SIGRT_3", 36: "SIGRT_4", 37: "SIGRT_5", 38: "SIGRT_6", 39: "SIGRT_7", 40: "SIGRT_8",
	41: "SIGRT_9", 42: "SIGRT_10", 43: "SIGRT_11", 44: "SIGRT_12", 45: "SIGRT_13", 46: "SIGRT_14", 47: "SIGRT_15", 48: "SIGRT_16",
	49: "SIGRT_17", 50: "SIGRT_18", 51: "SIGRT_19", 52: "SIGRT_20", 53: "SIGRT_21", 54: "SIGRT_22", 55: "SIGRT_23", 56: "SIGRT_24",
	57: "SIGRT_25", 58: "SIGRT_26", 59: "SIGRT_27", 60: "SIGRT_28", 61: "SIGRT_29", 62: "SIGRT_30", 63: "SIGRT_31", 64: "SIGRT_32",
}

// SignalName returns the name of signal n, such as "SIGHUP" or "SIGRT_1", or "" for a number
// without a signal.
func SignalName(n int) string {
	if n <= 0 || n > MaxSignal {
		return ""
	}
	return signals[n]
}

// SignalNumber returns the number of the signal of that name.
func SignalNumber(name string) (n int, ok bool) {
	for i := 1; i <= MaxSignal; i++ {
		if signals[i] == name {
			return i, true
		}
	}
	return 0, false
}
