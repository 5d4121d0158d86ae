// Calls behind instructions of two, three, four and five bytes.
__asm__(".text\n.balign 4096\n"
	".globl door_two, door_three, door_four, door_five, door_page\n"
	".type door_two,@function\n.type door_three,@function\n.type door_four,@function\n.type door_five,@function\n"
	"door_page:\n"
	"door_two: .cfi_startproc\n xor %eax, %eax\n syscall\n cmp $0, %rax\n ret\n .cfi_endproc\n.size door_two,.-door_two\n"
	"door_three: .cfi_startproc\n mov $39, %ecx\n mov %rcx, %rax\n syscall\n ret\n .cfi_endproc\n.size door_three,.-door_three\n"
	"door_four: .cfi_startproc\n mov $30, %eax\n add $9, %rax\n syscall\n ret\n .cfi_endproc\n.size door_four,.-door_four\n"
	"door_five: .cfi_startproc\n mov $39, %eax\n syscall\n ret\n .cfi_endproc\n.size door_five,.-door_five\n"
	".balign 4096\n");
