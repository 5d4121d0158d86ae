# What gdb must know of a libsystrap library. gdb loads this file by itself as LIBRARY.so-gdb.py beside the
# library, if the directory is in its `auto-load safe-path`; `systrap gdb` brings it along.
#
# A traced program makes its calls through signals of ours: SIGSYS, or SIGILL where a `syscall` has been
# replaced by `ud2` (SIGTRAP or SIGSEGV with SYSTRAP_TRAP, until gdb attaches). A program that gdb starts keeps its bytes, and each call is a SIGSYS
# (internal/core/discover.go).
# This file
#   - lets these two signals pass, and stops for those that are the program's own;
#   - tells gdb that our handler was called by the instruction behind the call, so that stepping goes over it;
#   - puts the program's bytes back where gdb attaches, so that breakpoints and steps are right there, too;
#   - shows the program's frame where a stop is in ours.
# See docs/decisions/debugged-programs.md.
import re
import signal
import types

import gdb
import gdb.unwinder

try:
    import gdb.disassembler  # gdb 13
except ImportError:
    pass

PREFIX = "libsystrap/"
SYSCALL, TRAPS = b"\x0f\x05", (b"\x0f\x0b", b"\xcc\x05", b"\xf4\x05")
JUMP_RCX = b"\xff\xe1"
UC_REGS = 40  # offset of the registers in a ucontext_t: uc_flags, uc_link, uc_stack
# struct sigcontext (arch/x86/include/uapi/asm/sigcontext.h), in its order
SIGCONTEXT = ("r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rdi", "rsi", "rbp", "rbx", "rdx", "rax",
              "rcx", "rsp", "rip", "eflags")
RT_SIGRETURN = 15
SIGNALS = {4: "SIGILL", 31: "SIGSYS"}
FRAME_ID = re.compile(r"\{stack=(0x[0-9a-f]+),code=(0x[0-9a-f]+),")  # how a gdb.Frame is printed


def read(addr, size):
    return bytes(gdb.selected_inferior().read_memory(addr, size))


def number(addr, size=8):
    return int.from_bytes(read(addr, size), "little")


def write(addr, value, size=8):
    gdb.selected_inferior().write_memory(addr, value.to_bytes(size, "little"))


def register(name):
    return int(gdb.newest_frame().read_register(name)) & (1 << 64) - 1


class Library:
    """One of our libraries, where it is mapped."""

    def __init__(self, objfile):
        self.objfile = objfile
        self.known = {}
        self.trap = self.address("internal/core.trapEntry")
        self.handler = self.address("internal/core.handlerEntry")
        self.fault = self.address("internal/core.faultEntry")
        self.restorer = self.address("restorer.sigactionRestorer")
        self.door_uc = self.offset("internal/core.entryFrame", "door", "uc")
        self.start, self.end = self.text()
        self.jump = self.start + max(0, read(self.start, self.end - self.start).find(JUMP_RCX))
        # the identity of the frame that a jump is made for: address of its canonical frame, start of its function
        self.jumping = None
        # set when gdb has stepped to the first instruction of our handler
        self.stepped_in = False
        self.own = None
        self.recording = False
        # where we make the program's calls
        self.raw = [(at, at + size) for at, size in ((self.address("rawsys.interruptible"), 32),
                                                     (self.address("rawsys.stubs"), 4 * 256))]
        # the handler's frame that a step may leave
        self.leaving = None
        self.stopped_at = 0
        # what the program was just stopped for and will be given when it goes on, or 0
        self.signal = 0
        # where we enter the program's handlers
        self.jumps = [at for f in ("internal/core.enterProgram", "internal/core.handlerEntry") for at in self.jumps_of(self.address(f))]

    def address(self, name):
        """The address of a function or variable of ours, or 0."""
        if name not in self.known:
            symbol = self.objfile.lookup_global_symbol(PREFIX + name) or self.objfile.lookup_static_symbol(PREFIX + name)
            self.known[name] = int(symbol.value().address) & (1 << 64) - 1 if symbol else 0
        return self.known[name]

    def flag(self, name):
        """The value of a bool of ours."""
        at = self.address(name)
        return at != 0 and number(at, 1) != 0

    @staticmethod
    def jumps_of(function):
        """Where a function of ours jumps to what RCX says."""
        if not function:
            return []
        end = gdb.block_for_pc(function).end
        return [i["addr"] for i in gdb.selected_inferior().architecture().disassemble(function, end - 1)
                if i["asm"].split() == ["jmp", "*%rcx"]]

    def offset(self, name, *fields):
        """The offset in bytes of a field of a field of a structure of ours, or -1."""
        try:
            t, at = gdb.lookup_type(PREFIX + name), 0
            for f in fields:
                at += t[f].bitpos // 8
                t = t[f].type
            return at
        except (gdb.error, KeyError):
            return -1

    def text(self):
        """Where our code is."""
        for line in gdb.execute("info files", to_string=True).splitlines():
            words = line.split()
            if len(words) >= 7 and words[4] == ".text" and words[6] == self.objfile.filename:
                return int(words[0], 16), int(words[2], 16)
        raise gdb.error("no .text of %s" % self.objfile.filename)

    def has(self, pc):
        return self.start <= pc < self.end

    def context(self, frame):
        """The address of the ucontext_t of the signal that frame, one of ours, handles, or 0. At the handler's first
        instruction the kernel has put it in RDX; from then on R14 points at the frame of the entry stub."""
        pc = int(frame.read_register("pc"))
        if pc in (self.trap, self.handler, self.fault):
            return int(frame.read_register("rdx")) & (1 << 64) - 1
        if self.door_uc < 0 or self.restorer <= pc < self.restorer + 16:
            return 0
        try:
            uc = number((int(frame.read_register("r14")) & (1 << 64) - 1) + self.door_uc)
            return uc if number(uc - 8) == self.restorer else 0
        except gdb.error:
            return 0

    def sites(self):
        """The instructions that have been replaced."""
        at, count = self.address("internal/core.sites"), self.address("internal/core.siteCount")
        if not at or not number(count):
            return []
        table = number(at)
        slots = memoryview(read(table + 8, 8 * (number(table) + 1))).cast("Q")
        return [pc for pc in slots if pc > 1]

    def outpost(self, pc):
        """Where the slot begins that pc is in, and where the program goes on, if it lies in no text of ours (internal/core/outposts.go),
        or None."""
        bits, count = self.address("internal/core.outpostBits"), self.address("internal/core.slotCount")
        page = pc // 4096 % (1 << 16)
        if not bits or not number(bits + page // 32 * 4, 4) >> page % 32 & 1:
            return None
        n = number(count)
        sites, places = (memoryview(read(self.address("internal/core.slot" + name), 8 * n)).cast("Q") for name in ("Site", "Place"))
        before = read(self.address("internal/core.slotBefore"), n)
        return next(((p, sites[i] + 2) for i, p in enumerate(places) if 0 <= pc - p < before[i] + 13), None)

    def jumps_before(self):
        """Where jumps are in the place of instructions, and the bytes of those (internal/core/jumpslots.go)."""
        at = [self.address("internal/core.slot" + name) for name in ("Jump", "Site", "Before", "Place")]
        for i in range(number(self.address("internal/core.slotCount")) if all(at) else 0):
            if number(at[0] + i, 1) == 1:
                n = number(at[2] + i, 1)
                yield number(at[1] + 8 * i) - n, read(number(at[3] + 8 * i), min(n, 5)), at[0] + i


libraries = {}  # by program space and the file's name


def library_at(pc):
    for lib in libraries.values():
        if lib.has(pc) and lib.objfile.progspace == gdb.current_progspace():
            return lib
    return None


class Unwinder(gdb.unwinder.Unwinder):
    """Our frames were called by the instruction behind the call: gdb takes a step that ends in our handler for a step into a
    function, which it goes over (`next`, `nexti`, `step`) or shows in a backtrace as one frame."""

    class Id:
        def __init__(self, sp, pc):
            self.sp, self.pc = sp, pc

    def __init__(self):
        super().__init__("libsystrap")

    def __call__(self, pending):
        pc = pending.read_register("rip")
        lib = library_at(int(pc))
        if lib is None:
            return self.in_outpost(pending, pc)
        if int(pc) == lib.jump and lib.jumping:
            return pending.create_unwind_info(self.Id(*(gdb.Value(v).cast(pc.type) for v in lib.jumping)))
        uc = lib.context(pending)
        if not uc:
            return None
        lib.stepped_in = lib.stepped_in or int(pc) == lib.trap
        sp = pending.read_register("rsp")
        info = pending.create_unwind_info(self.Id(sp.cast(pc.type), gdb.Value(lib.trap).cast(pc.type)))
        regs = memoryview(read(uc + UC_REGS, 8 * len(SIGCONTEXT))).cast("Q")
        for name, value in zip(SIGCONTEXT, regs):
            if name == "rip" and int(pc) not in (lib.trap, lib.handler, lib.fault) and self.at_call(lib, value):
                value += 2
            t = pending.read_register(name).type
            info.add_saved_register(name, gdb.Value(value.to_bytes(8, "little")[:t.sizeof], t))
        return info

    def in_outpost(self, pending, pc):
        """Behind the jump before a call, in memory without symbols: the program's function called it."""
        for lib in libraries.values():
            found = lib.outpost(int(pc) & (1 << 64) - 1) if lib.objfile.progspace == gdb.current_progspace() else None
            if found:
                start, behind = (gdb.Value(v).cast(pc.type) for v in found)
                info = pending.create_unwind_info(self.Id(pending.read_register("rsp").cast(pc.type), start))
                for name in SIGCONTEXT:
                    info.add_saved_register(name, behind if name == "rip" else pending.read_register(name))
                return info
        return None

    @staticmethod
    def at_call(lib, pc):
        """While a call is made, the frame shows the program at its instruction."""
        try:
            return read(pc, 2) in (SYSCALL,) + TRAPS and not lib.has(pc)
        except gdb.error:
            return False


class Behind(gdb.Breakpoint):
    """Behind a call. Where the call is in the range that gdb steps through, it waits here for our handler to return and takes
    one more step, that of the next instruction (infrun.c, step_after_step_resume_breakpoint). So the thread is sent to an instruction that jumps back here (RCX is this address, as behind every
    call), and that is what gdb steps."""

    def __init__(self, pc, lib, thread, frame):
        super().__init__("*%d" % pc, internal=True)
        self.silent = True
        self.pc, self.lib, self.stepping, self.frame, self.jumped = pc, lib, thread, frame, False

    def stop(self):
        if gdb.selected_thread().num != self.stepping:
            return False
        if self.jumped:
            self.jumped, self.lib.jumping = False, None
        elif self.lib.stepped_in:
            self.lib.stepped_in = False # gdb steps over a function, and will stop here
        elif register("rcx") == self.pc:
            self.jumped = True
            self.lib.jumping = self.frame
            gdb.execute("with language c -- set var $pc = %d" % self.lib.jump)
        return False


class OwnSignal(gdb.Breakpoint):
    """Where our handler is about to give the program a SIGILL or SIGSYS of its own. It is asked to raise the signal again,
    which gdb then stops for as it would without us."""

    def __init__(self, lib):
        super().__init__("*%d" % lib.address("internal/core.askDebugger"), internal=True)
        self.silent = True
        self.lib, self.shown, self.quiet = lib, set(), []

    def stop(self):
        thread, sig = gdb.selected_thread().num, register("rax")
        if sig >> 63:
            lookup = signal.Signals((1 << 64) - sig).name
            if lookup not in SIGNALS.values():
                self.quiet.append((lookup, treatment(lookup)))
            gdb.execute("handle %s nostop noprint pass" % lookup, to_string=True)
            return False
        again = sig in SIGNALS and thread not in self.shown  # gdb has stopped for any other
        if again:
            gdb.execute("handle %s stop print pass" % SIGNALS[sig], to_string=True)
            self.shown.add(thread)
        else:
            self.shown.discard(thread)
        write(self.lib.address("internal/core.debuggerAnswer"), int(again), 4)
        return False

    def done(self):
        """The process is gone: what it died of is shown again in the next."""
        for name, (stop, show, passed) in self.quiet:
            gdb.execute("handle %s %sprint %sstop %spass" % (name, show, stop, passed), to_string=True)
        if self.is_valid():
            self.delete()


def treatment(name):
    """How gdb treats a signal: what `handle` is to be told for stop, print and pass."""
    words = gdb.execute("info signals " + name, to_string=True).splitlines()[-1].split()
    return ["" if w == "Yes" else "no" for w in words[1:4]]


behind = []


def before_step(instruction):
    """Runs before a command that steps, by an instruction or by a line."""
    after_step()
    try:
        frame = programs_frame()
    except gdb.error:
        return
    lib = next((l for l in libraries.values() if l.objfile.progspace == gdb.current_progspace()), None)
    if lib is None:
        return
    lib.stepped_in = False
    sig, lib.signal = lib.signal, 0
    if frame:
        go_to(frame.pc())
    frame = gdb.newest_frame()
    if lib.has(frame.pc()):
        return
    if sig and number(lib.address("internal/core.dispositions") + 32 * sig) > 1 and treatment(signal.Signals(sig).name)[2] == "":
        # The step is into the program's handler, by our last instruction before it.
        go_to(*lib.jumps)
    elif instruction:
        step_behind(lib)
    elif frame.older() and frame.older().type() == gdb.SIGTRAMP_FRAME and returns(frame):
        lib.leaving = str(frame)
        gdb.execute("set suppress-cli-notifications on")  # until after_line


def returns(frame):
    """Whether the thread may soon return from its function."""
    pc = frame.pc()
    return any(re.match(r"(rep )?ret|jmp .*<[^+]*>$", i["asm"])
               for i in frame.architecture().disassemble(pc, pc + 128))


def step_behind(lib):
    """Prepares for steps over calls of the function that the thread is in."""
    frame = gdb.newest_frame()
    pc, size = frame.pc(), 256
    if register("rax") == RT_SIGRETURN and read(pc, 2) == SYSCALL:
        # This call does not come back. The step is the one that we make instead.
        at = lib.address("rawsys.sigreturn")
        go_to(at + read(at, 32).index(SYSCALL))
        return
    while frame.type() == gdb.INLINE_FRAME:
        frame = frame.older()
    identity = FRAME_ID.match(str(frame))
    if not identity:
        return
    identity = tuple(int(x, 16) for x in identity.groups())
    start = identity[1] if 0 <= pc - identity[1] < 4096 else pc
    for i in frame.architecture().disassemble(start, pc + size):
        if i["asm"].startswith("syscall"):
            behind.append(Behind(i["addr"] + 2, lib, gdb.selected_thread().num, identity))


def after_line():
    """Runs after a step by a line that may have been out of a handler: through the program's rt_sigreturn, which nobody
    returns from, so gdb has stopped in ours."""
    for lib in libraries.values():
        before, lib.leaving = lib.leaving, None
        if not before:
            continue
        gdb.execute("set suppress-cli-notifications off")
        if not gdb.selected_inferior().pid:
            continue
        frame = gdb.newest_frame()
        uc = lib.context(frame) if lib.has(frame.pc()) else 0
        if uc and number(uc + UC_REGS + 8 * SIGCONTEXT.index("rax")) == RT_SIGRETURN:
            go_to(number(number(uc + UC_REGS + 8 * SIGCONTEXT.index("rsp")) + UC_REGS + 8 * SIGCONTEXT.index("rip")))
        text = re.sub(r"^#0 +", "", gdb.execute("frame", to_string=True))
        if lib.stopped_at:
            thread = gdb.selected_thread()
            who = 'Thread %d "%s" hit ' % (thread.num, thread.name) if thread.num > 1 else ""
            gdb.write("\n%sBreakpoint %d, " % (who, lib.stopped_at))
        elif str(gdb.newest_frame()) == before:
            text = text.split("\n", 1)[1]
        gdb.write(text)


def after_step(event=None):
    while behind:
        behind.pop().delete()


def on_stop(event):
    after_step()
    for lib in libraries.values():
        lib.signal = 0
        lib.stopped_at = next((b.number for b in getattr(event, "breakpoints", ()) if b.is_valid() and b.number > 0), 0)
    if isinstance(event, gdb.SignalEvent):
        for lib in libraries.values():
            lib.signal = int(getattr(signal, event.stop_signal, 0))
        if event.stop_signal in SIGNALS.values():
            gdb.execute("handle %s nostop noprint pass" % event.stop_signal, to_string=True)
    frame = programs_frame()
    if frame:
        frame.select()
        gdb.execute("frame")


def programs_frame():
    """The frame of the program that waits in a call, where we make that call."""
    frame = gdb.newest_frame()
    lib = library_at(frame.pc())
    if not lib or not any(lo <= frame.pc() < hi for lo, hi in lib.raw):
        return None
    while frame and lib.has(frame.pc()):
        frame = frame.older()
    return frame


def go_to(*pcs):
    """Lets the thread go on to one of pcs; says whether it got there before something else stopped the program."""
    there = [gdb.Breakpoint("*%d" % pc, internal=True) for pc in pcs]
    for b in there:
        b.silent = True
        b.thread = gdb.selected_thread().num
    out = gdb.execute("continue", to_string=True)
    for b in there:
        if b.is_valid():
            b.delete()
    if gdb.selected_inferior().pid and gdb.newest_frame().pc() in pcs:
        return True
    gdb.write(out)
    return False


def put_back(lib):
    """Puts the program's bytes back in a process that has been patched, and lets the kernel report its calls; or only those
    where jumps are, if it cannot."""
    # Jumps first: they may have bytes in common with the sites, which breakpoints change.
    for at, instruction, state in list(lib.jumps_before()):
        write(at, int.from_bytes(instruction, "little"), len(instruction))
        write(state, 0, 1)
    if not lib.flag("internal/core.discovering") or lib.flag("seccomp.On"):
        return
    for pc in lib.sites():
        try:
            if read(pc, 2) in TRAPS:
                write(pc, int.from_bytes(SYSCALL, "little"), 2)
        except gdb.error:
            pass
    write(lib.address("internal/core.discoverOnly"), 1, 1)
    write(lib.address("internal/core.debugged"), 1, 1)


def is_live():
    connection = getattr(gdb.selected_inferior(), "connection", None)
    return gdb.selected_inferior().pid != 0 and (connection is None or connection.type != "core")


def adopt(objfile):
    """Takes notice of an object file, which may be one of ours."""
    if not objfile.filename or objfile.lookup_global_symbol(PREFIX + "internal/core.trapEntry") is None:
        return
    try:
        lib = Library(objfile)
    except gdb.error as e:
        gdb.write("libsystrap: %s\n" % e)
        return
    first = not prepared
    libraries[(objfile.progspace, objfile.filename)] = lib
    if first:
        prepare()
    if is_live():
        put_back(lib)
        lib.own = OwnSignal(lib)


prepared = []


def prepare():
    prepared.append(True)
    for command in ("handle SIGILL SIGSYS nostop noprint pass", "skip -rfu ^libsystrap/"):
        gdb.execute(command, to_string=True)
    for command in ("stepi", "nexti"):
        hook("hook-" + command, "before_step(True)")
    for command in ("step", "next", "until"):
        hook("hook-" + command, "before_step(False)")
        hook("hookpost-" + command, "after_line()")
    hook("hook-record", "before_record()")
    hook("record hook-full", "before_record()")
    hook("record hookpost-stop", "after_record()")
    if hasattr(gdb, "disassembler"):
        class Disassembler(gdb.disassembler.Disassembler):
            def __call__(self, info):
                return gdb.disassembler.builtin_disassemble(Bytes(info))
        gdb.disassembler.register_disassembler(Disassembler("libsystrap"), "i386:x86-64")
    gdb.unwinder.register_unwinder(None, Unwinder(), replace=True)
    gdb.events.stop.connect(on_stop)


def before_record():
    """gdb's `record` follows neither our handler nor the kernel into it. So while it records, the kernel makes the
    program's calls without reporting them."""
    for lib in libraries.values():
        at = lib.address("internal/core.sudSelector")
        if is_live() and lib.flag("internal/core.discoverOnly") and number(at, 1):
            write(at, 0, 1)
            lib.recording = True
            gdb.write("libsystrap: calls are not traced while gdb records\n")


def after_record():
    for lib in libraries.values():
        if lib.recording and is_live():
            write(lib.address("internal/core.sudSelector"), 1, 1)
        lib.recording = False


class Bytes(gdb.disassembler.DisassembleInfo if hasattr(gdb, "disassembler") else object):
    """Memory with the program's own bytes where traps are."""

    def read_memory(self, length, offset=0):
        data = bytearray(super().read_memory(length, offset))
        for i in range(len(data) - 1):
            if data[i:i + 2] in TRAPS and self.address + offset + i in patched():
                data[i:i + 2] = SYSCALL
        return bytes(data)


def patched():
    return {pc for lib in libraries.values() for pc in lib.sites()}


def hook(name, call):
    gdb.execute("define %s\npython gdb.libsystrap.%s\nend" % (name, call), to_string=True)


def on_objfile(event):
    adopt(event.new_objfile)


def on_clear(event):
    forget(event.progspace)


def on_exit(event):
    after_step()
    forget(gdb.current_progspace())


def forget(progspace):
    for key in [k for k in libraries if k[0] == progspace]:
        own = libraries.pop(key).own
        if own:
            own.done()


if not hasattr(gdb, "libsystrap"):
    gdb.libsystrap = types.SimpleNamespace(before_step=before_step, after_line=after_line,
                                           before_record=before_record, after_record=after_record)
    gdb.events.new_objfile.connect(on_objfile)
    gdb.events.clear_objfiles.connect(on_clear)
    gdb.events.exited.connect(on_exit)
    for o in gdb.objfiles():
        adopt(o)
