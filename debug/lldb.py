# What lldb must know of a libsystrap library: `systrap lldb` brings it along, or `command script import debug/lldb.py`.
# As debug/gdb.py: it lets our signals pass, stops for those that are the program's own, steps over a call by one
# instruction, and puts the program's bytes back where lldb attaches.
import lldb

PREFIX = "libsystrap/"
SYSCALL, JUMP_RCX = b"\x0f\x05", b"\xff\xe1"
TRAPS = (b"\x0f\x0b", b"\xcc\x05", b"\xf4\x05")
RT_SIGRETURN = 15
ALL_OURS = (4, 31)  # SIGILL, SIGSYS
shown = set()  # threads whose signal has been raised again


class Library:
    """Our library in a target."""

    def __init__(self, target):
        self.target, self.process = target, target.GetProcess()
        self.module = next((m for m in target.module_iter() if m.FindSymbol(PREFIX + "internal/core.askDebugger").IsValid()), None)

    def address(self, name):
        for spelled in (name + ".abi0", name):
            s = self.module.FindSymbol(PREFIX + spelled)
            if s.IsValid():
                return s.GetStartAddress().GetLoadAddress(self.target)
        return 0

    def read(self, addr, size):
        data = self.process.ReadMemory(addr, size, lldb.SBError())
        return bytes(data) if data else b""

    def number(self, addr, size=8):
        return int.from_bytes(self.read(addr, size), "little")

    def write(self, addr, value, size):
        self.process.WriteMemory(addr, value.to_bytes(size, "little"), lldb.SBError())

    def jump(self):
        """An instruction of ours that goes on where RCX says."""
        text = self.module.FindSection(".text")
        at = self.read(text.GetLoadAddress(self.target), text.GetByteSize()).find(JUMP_RCX)
        return text.GetLoadAddress(self.target) + at if at >= 0 else 0

    def pass_signals(self):
        signals = self.process.GetUnixSignals()
        for s in ALL_OURS:
            signals.SetShouldStop(s, False)
            signals.SetShouldNotify(s, False)
            signals.SetShouldSuppress(s, False)

    def put_back(self):
        """Puts the program's bytes back in a process that has been patched, and lets the kernel report its calls; or only those
        where jumps are, if it cannot."""
        # Jumps first: they may have bytes in common with the sites (internal/core/jumpslots.go).
        jump, site, before, place = (self.address("internal/core.slot" + name) for name in ("Jump", "Site", "Before", "Place"))
        for i in range(self.number(self.address("internal/core.slotCount")) if jump else 0):
            if self.number(jump + i, 1) == 1:
                n = self.number(before + i, 1)
                old = self.read(self.number(place + 8 * i), min(n, 5))
                self.write(self.number(site + 8 * i) - n, int.from_bytes(old, "little"), len(old))
                self.write(jump + i, 0, 1)
        if not self.number(self.address("internal/core.discovering"), 1) or self.number(self.address("seccomp.On"), 1):
            return
        table = self.number(self.address("internal/core.sites"))
        if self.number(self.address("internal/core.siteCount")):
            for pc in memoryview(self.read(table + 8, 8 * (self.number(table) + 1))).cast("Q"):
                if pc > 1 and self.read(pc, 2) in TRAPS:
                    self.write(pc, int.from_bytes(SYSCALL, "little"), 2)
        self.write(self.address("internal/core.discoverOnly"), 1, 1)
        self.write(self.address("internal/core.debugged"), 1, 1)


def reserve(frame):
    """Has lldb get memory in the process for its expressions, which it keeps. It does that by a `syscall` that it puts
    where the thread is, which must not be reported to us."""
    options = lldb.SBExpressionOptions()
    options.SetLanguage(lldb.eLanguageTypeC)  # the frame's is Go, which lldb does not know
    options.SetSuppressPersistentResult(True)
    for text in ("(int)getpid()", "$pc"):  # one that is run, one that lldb interprets
        frame.EvaluateExpression(text, options)


def at_start(frame, location, extra, internal):
    """The library is about to start: from here on there are signals of ours."""
    Library(frame.GetThread().GetProcess().GetTarget()).pass_signals()
    reserve(frame)
    return False


def at_own(frame, location, extra, internal):
    """Our handler is about to give the program a SIGILL or SIGSYS of its own (internal/core/debugger.go)."""
    thread = frame.GetThread()
    lib = Library(thread.GetProcess().GetTarget())
    sig = frame.FindRegister("rax").GetValueAsSigned()
    signals = lib.process.GetUnixSignals()
    if sig < 0:
        # It ends the process, and has been shown.
        signals.SetShouldStop(-sig, False)
        signals.SetShouldNotify(-sig, False)
        return False
    again = sig in ALL_OURS and thread.GetThreadID() not in shown  # lldb has stopped for any other
    (shown.add if again else shown.discard)(thread.GetThreadID())
    if sig in ALL_OURS:
        for f in (signals.SetShouldStop, signals.SetShouldNotify):
            f(sig, again)
    lib.write(lib.address("internal/core.debuggerAnswer"), int(again), 4)
    return False


def watch(debugger, target):
    """Sets our own breakpoints in a target."""
    for name, f in (("internal/core.libraryInit", "at_start"), ("internal/core.askDebugger", "at_own")):
        b = target.BreakpointCreateByName(PREFIX + name)
        b.SetScriptCallbackFunction(__name__ + "." + f)
        b.AddName("libsystrap")


def step(command):
    def run(debugger, arguments, result, internal):
        """Steps by instructions, over a call as over any other."""
        try:
            count = int(arguments or "1", 0)
        except ValueError:
            count = 1
        target = debugger.GetSelectedTarget()
        lib = Library(target)
        was, _ = debugger.GetAsync(), debugger.SetAsync(False)
        for i in range(count):
            thread = target.GetProcess().GetSelectedThread()
            frame = thread.GetFrameAtIndex(0)
            pc = frame.GetPC()
            if lib.module and lib.read(pc, 2) == SYSCALL and frame.GetModule() != lib.module:
                if frame.FindRegister("rax").GetValueAsUnsigned() == RT_SIGRETURN:
                    at = lib.address("rawsys.sigreturn")
                    thread.RunToAddress(at + lib.read(at, 32).index(SYSCALL))
                else:
                    thread.RunToAddress(pc + 2)
                    frame = target.GetProcess().GetSelectedThread().GetFrameAtIndex(0)
                    if frame.GetPC() == pc + 2:
                        frame.SetPC(lib.jump())
            if i < count - 1:
                thread.StepInstruction(command == "step-inst-over")
        # From the jump, lldb would take the program's frame for one that was stepped into.
        here = target.GetProcess().GetSelectedThread().GetFrameAtIndex(0)
        jumps = lib.module and here.GetModule() == lib.module and here.GetPC() == lib.jump()
        out = lldb.SBCommandReturnObject()
        debugger.GetCommandInterpreter().HandleCommand("thread " + ("step-inst" if jumps else command), out)
        debugger.SetAsync(was)
        text = out.GetOutput().rstrip("\n")
        if jumps and command == "step-inst-over":
            text = text.replace("instruction step into", "instruction step over")
        result.PutCString(text)
        if not out.Succeeded():
            result.SetError(out.GetError())
    return run


step_into, step_over = step("step-inst"), step("step-inst-over")


def attached(debugger, arguments, result, internal):
    """Makes ready for a process that has been attached to."""
    lib = Library(debugger.GetSelectedTarget())
    if lib.module is None:
        result.SetError("libsystrap is not in this process")
        return
    lib.pass_signals()
    lib.put_back()
    selector = lib.address("internal/core.sudSelector")
    lib.write(selector, 0, 1)
    reserve(lib.process.GetSelectedThread().GetFrameAtIndex(0))
    lib.write(selector, 1, 1)


def set_up(debugger):
    # The dummy target's breakpoints are copied to each target.
    watch(debugger, debugger.GetSelectedTarget() if debugger.GetSelectedTarget().IsValid() else debugger.GetDummyTarget())
    for name, f, aliases in (("systrap-stepi", "step_into", ("si", "stepi")), ("systrap-nexti", "step_over", ("ni", "nexti")),
                             ("systrap-attached", "attached", ())):
        debugger.HandleCommand("command script add -f %s.%s %s" % (__name__, f, name))
        for a in aliases:
            out = lldb.SBCommandReturnObject()
            debugger.GetCommandInterpreter().HandleCommand("command unalias " + a, out)
            debugger.GetCommandInterpreter().HandleCommand("command alias %s %s" % (a, name), out)


def __lldb_init_module(debugger, internal):
    set_up(debugger)
