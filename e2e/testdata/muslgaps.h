// What glibc's headers have and those of musl 1.2.3 lack, for fixtures that are built with musl-gcc.
#ifndef MUSLGAPS_H
#define MUSLGAPS_H
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
// The text of an errno does as well as its name: it is compared with that of the native run.
#define strerrorname_np strerror
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#ifndef PKEY_DISABLE_ACCESS
#define PKEY_DISABLE_ACCESS 1
#define PKEY_DISABLE_WRITE 2
#endif
__attribute__((unused)) static int tgkill(pid_t group, pid_t thread, int sig) { return syscall(SYS_tgkill, group, thread, sig); }
__attribute__((unused)) static int getcpu(unsigned *cpu, unsigned *node) { return syscall(SYS_getcpu, cpu, node, 0); }
#endif
