package tracetool

// ret says how a result is printed.
type ret uint8

const (
	rInt        ret = iota // decimal
	rHex                   // an address, flags
	rOct                   // umask
	rUint                  // unsigned decimal
	rNone                  // "?"
	rFd                    // a descriptor
	rPoll                  // the ready descriptors follow
	rSelect                // likewise
	rFcntl                 // depends on the command
	rPers                  // personality
	rTimex                 // TIME_OK
	rPrctl                 // depends on the option
	rArchPrctl             // likewise
	rTid                   // a thread
	rTgid                  // a process
	rPgid                  // a process group
	rSid                   // a session
	rSig                   // a signal
	rLdt                   // an int that may be an error
	rThreadArea            // the number of an area is behind the argument
	rLandlock              // a descriptor, or a version
	rPrio                  // getpriority
	rIoprio                // ioprio_get
	rKeyctl                // depends on the operation
	rIoctl                 // depends on the command
	rSched                 // sched_getscheduler
	rTime                  // time
	rBpf                   // depends on the command
	rRecvmmsg              // what is left of the timeout follows
	rNever                 // no return
)
