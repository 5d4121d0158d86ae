/*
 * zpoline's interface: the hook is called instead of each call, and makes it. This one has uname(2) say another host name.
 */
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

typedef long (*syscall_fn_t)(long, long, long, long, long, long, long);
static syscall_fn_t next_sys_call;

static long hook(long number, long a, long b, long c, long d, long e, long f)
{
	long ret = next_sys_call(number, a, b, c, d, e, f);
	if (number == SYS_uname && ret == 0)
		strcpy(((struct utsname *)a)->nodename, "elsewhere");
	return ret;
}

int __hook_init(long placeholder, void *sys_call_hook_ptr)
{
	next_sys_call = *(syscall_fn_t *)sys_call_hook_ptr;
	*(syscall_fn_t *)sys_call_hook_ptr = hook;
	return 0;
}
