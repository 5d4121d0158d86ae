/*
 * For hooks of systrap hook-libc, which are written as E9Syscall's are: hook-libc(7). A hook may use all of the C library.
 */
#ifndef E9SYSCALL_H
#define E9SYSCALL_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* What hook returns: the call is made, as it stands; or it is not made, and has *result, a value or a negated errno. */
#define E9_INSTRUMENT (-1)
#define E9_REPLACE 0

#ifdef __cplusplus
extern "C" {
#endif

/* Is called before each system call of the program, in the thread that makes it. */
int hook(int number, intptr_t arg1, intptr_t arg2, intptr_t arg3, intptr_t arg4, intptr_t arg5, intptr_t arg6, intptr_t *result);

#ifdef __cplusplus
}
#endif

#endif
