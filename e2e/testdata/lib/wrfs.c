// Text with WRFSBASE.
__asm__(".text\n.globl set_fs\n.type set_fs,@function\nset_fs: .cfi_startproc\n wrfsbase %rdi\n ret\n .cfi_endproc\n.size set_fs,.-set_fs\n");
