/*
 * libsyscall_intercept's interface: the hook says whether the call is made. This one has uname(2) say another host name.
 */
#include <libsyscall_intercept_hook_point.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

static int hook(long number, long a, long b, long c, long d, long e, long f, long *result)
{
	if (number != SYS_uname)
		return 1;
	*result = syscall_no_intercept(SYS_uname, a);
	if (*result == 0)
		strcpy(((struct utsname *)a)->nodename, "elsewhere");
	return 0;
}

__attribute__((constructor)) static void start(void)
{
	intercept_hook_point = hook;
}
