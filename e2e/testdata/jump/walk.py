# For gdb: goes through a call of unwind.c instruction by instruction, from the jump before it until it has been made, and
# prints of each instruction where it is and the frames that gdb shows, innermost first.
import gdb


def evaluate(expression):
    return int(gdb.parse_and_eval(expression)) & (1 << 64) - 1


def frames_of(function):
    """The frames, and RBX in that of function."""
    names, rbx = [], None
    frame = gdb.newest_frame()
    while frame:
        name = frame.name() or "?"
        names.append(name.rsplit("/", 1)[-1])
        if name == function:
            rbx = int(frame.read_register("rbx"))
        if name == "main":
            break
        frame = frame.older()
    return " ".join(names), rbx


def walk(function, script):
    """To the call of function, and through it. script is gdb's for the library; it is read where there are no symbols, in an outpost:
    from there on no jump is taken."""
    gdb.execute("set language c")
    behind = evaluate("(long)&%s_site" % function) + 2
    first = evaluate("(long)&%s_insn" % function)
    gdb.execute("tbreak *%d" % first, to_string=True)
    gdb.execute("signal SIGUSR1", to_string=True)
    for i in range(3000):
        pc = evaluate("$pc")
        if script and not gdb.newest_frame().name():
            gdb.execute("source " + script, to_string=True)
            script = None
        names, rbx = frames_of(function)
        print("STEP %#x %s: %s" % (pc, rbx, names))
        if pc == behind:
            print("BEHIND")
            return
        if gdb.selected_inferior().read_memory(pc, 1).tobytes() in (b"\x9c", b"\x9d"):  # pushf, popf: the door would see that it is stepped
            gdb.execute("tbreak *%d" % (pc + 1), to_string=True)
            gdb.execute("continue", to_string=True)
        else:
            gdb.execute("stepi", to_string=True)
