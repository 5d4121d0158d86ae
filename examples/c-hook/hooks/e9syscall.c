/*
 * E9Syscall's interface: the hook says whether the call is made, and makes it itself by syscall(2). This one has uname(2) say another host
 * name. `systrap hook-libc hook.so` makes a libc-hook.so of it.
 */
#include <e9syscall.h>
#include <sys/utsname.h>

int hook(int number, intptr_t a, intptr_t b, intptr_t c, intptr_t d, intptr_t e, intptr_t f, intptr_t *result)
{
	if (number != SYS_uname)
		return E9_INSTRUMENT;
	*result = syscall(SYS_uname, a);
	if (*result == 0)
		strcpy(((struct utsname *)a)->nodename, "elsewhere");
	else
		*result = -errno;
	return E9_REPLACE;
}
