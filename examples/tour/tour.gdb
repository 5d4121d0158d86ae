# A tour of one trap: ./tour shows it. Each step prints what it is about, then what gdb finds.
set pagination off
set debuginfod enabled off
set disassembly-flavor att
# Here we want to see what debug/gdb.py hides: no script of ours is loaded, and the text is patched.
handle SIGILL SIGSYS nostop noprint pass

echo \n1. The call, as it is in the file: 0f 05.\n
disassemble /r &here,&behind
break main
run

echo \n2. The same bytes in memory, now that the library has started: 0f 0b, ud2.\n
x/2xb &here

echo \n3. It runs: the processor refuses it, and the kernel has a SIGILL for the program.\n
handle SIGILL stop print pass
continue
printf "number of the call in rax: %ld; at the trap: %d\n", $rax, $pc == (long)&here
set $before = $rsp
set $number = $rax

echo \n4. One step: the kernel has built a signal frame and entered our handler, on a stack of ours.\n
handle SIGILL nostop noprint pass
stepi
info symbol $pc
# A handler's third argument, in rdx, is the ucontext: flags, link, stack (40 bytes), then the registers r8 to rip.
with language c -- set $regs = (long *)((char *)$rdx + 40)
with language c -- printf "in the frame: rax the number %d, rip the trap %d, rsp as before %d\n", $regs[13] == $number, $regs[16] == (long)&here, $regs[15] == $before

echo \n5. The handler is done when the program goes on. rax has the result, rcx the address behind the call.\n
tbreak *&behind
continue
printf "rax the result %d, rcx behind the call %d, rsp as before %d\n", $rax > 0, $rcx == (long)&behind, $rsp == $before
continue
