/* The seeds of FuzzImage, see there. */
	.text
	.macro func name
	.globl \name
	.type \name, @function
\name:
#ifdef UNWIND
	.cfi_startproc
#endif
	.endm
	.macro end name
#ifdef UNWIND
	.cfi_endproc
#endif
	.size \name, . - \name
	.endm
	func one
	mov $39, %eax
	syscall
	ret
	end one
	func two
	mov $0x50f, %eax
	jmp one
	end two
	func three
	int $0x80
	je three
	ret
	end three
	.section .note.GNU-stack, "", @progbits
