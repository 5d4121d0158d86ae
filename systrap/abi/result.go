package abi

// ResultKind says how a result is printed.
type ResultKind uint8

const (
	ResultInt        ResultKind = iota // decimal
	ResultHex                          // an address, flags
	ResultOct                          // umask
	ResultUint                         // unsigned decimal
	ResultNone                         // "?"
	ResultFd                           // a descriptor
	ResultPoll                         // the ready descriptors follow
	ResultSelect                       // likewise
	ResultFcntl                        // depends on the command
	ResultPers                         // personality
	ResultTimex                        // TIME_OK
	ResultPrctl                        // depends on the option
	ResultArchPrctl                    // likewise
	ResultTid                          // a thread
	ResultTgid                         // a process
	ResultPgid                         // a process group
	ResultSid                          // a session
	ResultSig                          // a signal
	ResultLdt                          // an int that may be an error
	ResultThreadArea                   // the number of an area is behind the argument
	ResultLandlock                     // a descriptor, or a version
	ResultPrio                         // getpriority
	ResultIoprio                       // ioprio_get
	ResultKeyctl                       // depends on the operation
	ResultIoctl                        // depends on the command
	ResultSched                        // sched_getscheduler
	ResultTime                         // time
	ResultBpf                          // depends on the command
	ResultRecvmmsg                     // what is left of the timeout follows
	ResultNever                        // no return
)
