package core

// Vforked says whether the caller is a child that shares its parent's memory
// (vfork, posix_spawn) and so its parent's copy of the tool's variables, too.
// Such a child's exit reaches Tool.Fini as any process's does.
func Vforked() bool { return currentVMChild() != nil }
