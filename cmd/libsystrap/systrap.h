/*
 * Tools in C at the system calls of the process, with the names and meanings of libsystrap's interface. A tool is a library that is
 * linked with -lsystrap and preloaded, or the program itself. libsystrap(7) has the whole of it.
 */
#ifndef SYSTRAP_H
#define SYSTRAP_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SYSCALL_MAX 1023

/* A call. saved_context is opaque; args are the program's. Nothing that is changed here changes the call. */
struct generic_syscall {
	struct ibcs_sigframe *saved_context;
	int syscall_number;
	long args[6];
};

/* Calls are trapped from the start; the tool is told of them once it has called both. */
void install_sigill_handler(void);
void trap_all_mappings(void);

/* Defined by the tool, if it wants to: called before each call, and behind each that was made or replaced. */
void __systrap_pre_handling(struct generic_syscall *s);
void __systrap_post_handling(struct generic_syscall *s, long ret, bool resume);

/*
 * replaced_syscalls[number] is called instead of the call, if it is not NULL, and calls post with the result: a value or a negated
 * errno. Without that it is -ENOSYS. What the replacement itself calls is not handed to the tool.
 */
typedef void post_handler(struct generic_syscall *s, long ret, bool resume);
typedef void syscall_replacement(struct generic_syscall *s, post_handler *post);
extern syscall_replacement *replaced_syscalls[SYSCALL_MAX + 1];

/* Where the call is made. */
void *generic_syscall_get_ip(struct generic_syscall *s);

/*
 * Makes a call: the kernel's result, a value or a negated errno. What is called before clone with CLONE_VM or a stack, clone3, vfork or
 * rt_sigreturn, or instead of it, and makes that call so does not come back: it is left, and the program makes the call.
 */
long syscall_no_intercept(long number, ...);

#ifdef __cplusplus
}
#endif

#endif
