/*
 * Hooks at the system calls of the process: libsystrap's drop-in for libsyscall_intercept, with the same names and
 * meanings. libsyscall_intercept(3) has the whole of it.
 */
#ifndef LIBSYSCALL_INTERCEPT_HOOK_POINT_H
#define LIBSYSCALL_INTERCEPT_HOOK_POINT_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Called before each call, with its number and arguments. If it returns 0 the call is not made, and the program
 * gets *result, a negated errno or a value; else the call is made.
 */
extern int (*intercept_hook_point)(long number, long arg0, long arg1, long arg2, long arg3, long arg4, long arg5, long *result);

/* Called in a new thread, before anything of the program's runs there. */
extern void (*intercept_hook_point_clone_child)(void);

/* Called in the thread that has made one, with the new one's id. */
extern void (*intercept_hook_point_clone_parent)(long tid);

/* Called behind each call that the kernel made, with what it returned. */
extern void (*intercept_hook_point_post_kernel)(long number, long arg0, long arg1, long arg2, long arg3, long arg4, long arg5, long result);

/*
 * Makes a call that no hook is called for. It returns what the kernel does: a negated errno, or a value. A hook that makes so the
 * very call that it is called before does not come back if that is clone with CLONE_VM or a stack, clone3, vfork or rt_sigreturn: it is left, and
 * the program makes the call.
 */
long syscall_no_intercept(long number, ...);

/* Whether hooks are called in this process: 0 if INTERCEPT_HOOK_CMDLINE_FILTER names another, else 1. */
int syscall_hook_in_process_allowed(void);

/* The errno that a result of syscall_no_intercept says, or 0. */
static inline int syscall_error_code(long result)
{
	return result < 0 && result >= -4096 ? (int)-result : 0;
}

#ifdef __cplusplus
}
#endif

#endif
