/*
 * libsystrap's interface: a function before and one behind each call, and functions instead of single calls. This one has uname(2) say
 * another host name, and counts calls.
 */
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <systrap.h>

static long before, behind;

void __systrap_pre_handling(struct generic_syscall *s)
{
	__atomic_add_fetch(&before, 1, __ATOMIC_RELAXED);
}

void __systrap_post_handling(struct generic_syscall *s, long ret, bool resume)
{
	__atomic_add_fetch(&behind, 1, __ATOMIC_RELAXED);
}

static void replace_uname(struct generic_syscall *s, post_handler *post)
{
	long ret = syscall_no_intercept(SYS_uname, s->args[0]);
	if (ret == 0)
		strcpy(((struct utsname *)s->args[0])->nodename, before > behind && behind > 0 ? "elsewhere" : "uncounted");
	post(s, ret, true);
}

__attribute__((constructor)) static void start(void)
{
	replaced_syscalls[SYS_uname] = replace_uname;
	install_sigill_handler();
	trap_all_mappings();
}
