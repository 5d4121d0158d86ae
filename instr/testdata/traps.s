# Candidates of every kind. A symbol says what the Finder must answer for the byte pair at its
# address: site_NAME that it is an instruction, REASON__NAME why it is none.

	.text

	.macro func name
	.globl \name
	.type \name, @function
\name:	.cfi_startproc
	.endm
	.macro endfunc name
	.cfi_endproc
	.size \name, . - \name
	.p2align 4
	.endm

# Inside other instructions.
	func inside
	mov $0x0000050f, %eax
	in_immediate__mov = . - 4
	mov $0x800000cd050f0000, %rcx
	in_immediate__wide = . - 6
	mov 0x50f(%rdi), %eax
	in_displacement__mov = . - 4
	lea 0x340f(%rip), %rsi
	in_displacement__rip = . - 4
	movl $0x80cd, 0x50f(%rdi)
	in_displacement__both = . - 8
	in_immediate__both = . - 4
	.byte 0x8b, 0x0f, 0x05, 0x01, 0x02, 0x03, 0x04	# mov (%rdi),%ecx; add $0x4030201,%eax
	in_modrm__end = . - 6
	.byte 0x0f, 0x0f, 0x05, 0, 0, 0, 0, 0x9e	# pfadd 0(%rip),%mm0
	in_opcode__3dnow = . - 7
	.byte 0x0f, 0x0f, 0xc1, 0x9e
	ret
	endfunc inside

# Plain ones, with prefixes, right before the end, straight after another.
	func plain
	mov $39, %eax
site_plain:
	syscall
	.byte 0x48
site_rexw:
	syscall
	.byte 0xf3, 0x66, 0x2e
site_prefixes:
	syscall
site_int80:
	int $0x80
site_sysenter:
	sysenter
	ud2				# may be a site that was patched earlier
site_behind_ud2:
	syscall
	mov $60, %eax
site_last:
	syscall
	endfunc plain

# lock jumped over, as glibc once did: a branch into an instruction that changes nothing.
	func jumpover
	je 1f
	lock
1:	cmpxchg %ecx, (%rdi)
site_jumpover:
	syscall
	ret
	endfunc jumpover

# An instruction that the FDE cuts in two.
	func cut
	nop
function_end__cut:
	.byte 0x0f
	.cfi_endproc
	.size cut, . - cut
	.byte 0x05
	.p2align 4

# A jump table and a string in text.
	func table
	lea 1f(%rip), %rdx
	movslq (%rdx,%rdi,4), %rax
	add %rdx, %rax
	jmp *%rax
	.p2align 2
1:	.long 2f - 1b
unreachable__table:
	.long 0x50f, 0x34
2:	mov $1, %eax
site_case:
	syscall
	ret
	endfunc table

# The same with negative entries, which do not decode.
	func table2
	lea 1f(%rip), %rdx
	movslq (%rdx,%rdi,4), %rax
	add %rdx, %rax
	jmp *%rax
	.p2align 2
1:	.long 2f - 1b
undecodable__table2:
	.long -0xfaf1
2:	mov $1, %eax
undecodable__case2:
	syscall
	ret
	endfunc table2

	func text
	lea 1f(%rip), %rsi
	mov $1, %eax
	jmp 2f
1:	.ascii "AB"
unreachable__string:
	.byte 0x0f, 0x05
	.ascii "PPP"
2:
site_behind_string:
	syscall
	ret
unreachable__behind_ret:
	syscall
	nop
	endfunc text

# Decodings that overlap.
	func overlap
	je 1f + 1
	mov $39, %eax
overlap__middle:
1:	syscall
	ret
	endfunc overlap

	func overlap2
	je 1f + 2
1:	add $0x909090b9, %ebx		# for the branch mov $0xf909090, %ecx
overlap__around:
	syscall
	nop
	nop
	nop
	nop
	ret
	endfunc overlap2

	func hidden
	jmp 1f
	.byte 0xb8
in_immediate__hidden:
1:	syscall
	nop
	nop
	ret
	endfunc hidden

# A length that Intel and AMD take differently.
	func vendor
	.byte 0x66, 0xe8, 0x00, 0x00, 0x00, 0x00
	mov $39, %eax
vendor__call:
	syscall
	ret
	endfunc vendor

# What does not decode.
	func broken
	mov $39, %eax
	jmp 1f
	.byte 0x06
1:
undecodable__behind:
	syscall
	ret
	endfunc broken

# What does not decode, far before.
	func rescued
	jmp 1f
	.byte 0x06
1:	mov 0x10(%rdi), %rcx
	add $16, %rcx
	cmp %rcx, %rsi
	jae 2f
	xor %ebx, %ebx
	test %rdx, %rdx
	je 2f
	lea 8(%rbx), %rcx
	imul %rcx, %rdx
	sub %rdx, %rsi
	mov 0x10(%rdi), %rcx
	add $16, %rcx
	cmp %rcx, %rsi
	jae 2f
	xor %ebx, %ebx
	test %rdx, %rdx
	je 2f
	lea 8(%rbx), %rcx
	imul %rcx, %rdx
	sub %rdx, %rsi
2:	mov $39, %eax
site_rescued:
	syscall
	ret
	endfunc rescued

# Cold part in a section of its own.
	func hot
	test %edi, %edi
	jne cold
	ret
	endfunc hot
	.section .text.unlikely, "ax"
	func cold
	mov $231, %eax
site_cold:
	syscall
	hlt
	endfunc cold

# The candidate straddles two pages.
	.section .text.page, "ax"
	.p2align 12
	func straddle
	.skip 4090, 0x90
	mov $39, %eax
site_straddle:
	syscall
	ret
	endfunc straddle

# A restorer, whose FDE starts one byte early.
	.text
	.p2align 4
	.byte 0x0f, 0x1f, 0x40
	.cfi_startproc
	.cfi_signal_frame
	.byte 0x00			# end of nopl 0(%rax)
	mov $15, %rax
site_restorer:
	syscall
	.cfi_endproc

# No unwind data. With symbols the function is known, without them the bytes around must do.
	.p2align 6
	.globl bare
	.type bare, @function
bare:
	push %rbp
	mov %rsp, %rbp
	push %rbx
	mov %rdi, %rbx
	add $16, %rbx
	cmp %rbx, %rsi
	jae 1f
	xor %ebx, %ebx
	test %rdx, %rdx
	je 1f
	lea 8(%rbx), %rcx
	imul %rcx, %rdx
	sub %rdx, %rsi
1:	mov %rdi, %rax
	mov %rsi, %rdi
	mov %rdx, %rsi
	mov %rcx, %rdx
	mov %r8, %r10
	mov %r9, %r8
site_bare:
	syscall
	cmp $-4095, %rax
	jae 2f
	pop %rbx
	pop %rbp
	ret
2:	neg %rax
	pop %rbx
	pop %rbp
	ret
	.size bare, . - bare

# Likewise, and the symbol has no size.
	.p2align 6, 0x00
	.globl unsized
	.type unsized, @function
unsized:
	push %rbp
	mov %rsp, %rbp
	push %rbx
	mov %rdi, %rbx
	add $16, %rbx
	cmp %rbx, %rsi
	jae 1f
	xor %ebx, %ebx
	test %rdx, %rdx
	je 1f
	lea 8(%rbx), %rcx
	imul %rcx, %rdx
	sub %rdx, %rsi
	lea 8(%rbx), %rcx
	imul %rcx, %rdx
	sub %rdx, %rsi
1:	mov %rcx, %r10
site_unsized:
	syscall
	ret
	.p2align 6

	.section .note.GNU-stack, "", @progbits
