// io_pgetevents with a mask, SIGILL in it; its time-out and its errors.
#include "probe.h"
#include <linux/aio_abi.h>
static void h(int s, siginfo_t *i, void *u) { say("handler %d", s); say_mask("in handler"); }
int main(void) {
	aio_context_t ctx = 0;
	struct io_event ev[4];
	struct timespec t = {0, 20000000};
	sigset_t mask = set_of(SIGILL, SIGUSR2, 0), block = set_of(SIGUSR1, 0);
	struct { sigset_t *p; size_t n; } pair = {&mask, 8}, bad = {&mask, 4}, none = {NULL, 8}, wild = {(sigset_t *)8, 8};
	if (syscall(SYS_io_setup, 8, &ctx)) {
		say("io_setup %s", strerrorname_np(errno));
		return 0;
	}
	on(SIGUSR1, h, 0);
	sigprocmask(SIG_BLOCK, &block, NULL);
	say_result(syscall(SYS_io_pgetevents, ctx, 1, 4, ev, &t, &pair));
	kill(getpid(), SIGUSR1);
	say_result(syscall(SYS_io_pgetevents, ctx, 1, 4, ev, &t, &pair));
	say_mask("after");
	say_result(syscall(SYS_io_pgetevents, ctx, 1, 4, ev, &t, &bad));
	say_result(syscall(SYS_io_pgetevents, ctx, 1, 4, ev, &t, &none));
	say_result(syscall(SYS_io_pgetevents, ctx, 1, 4, ev, &t, &wild));
	say_result(syscall(SYS_io_pgetevents, ctx, 1, 4, ev, &t, NULL));
	char buf[100];
	int fd = open("/proc/self/exe", O_RDONLY);
	struct iocb cb = {.aio_fildes = fd, .aio_lio_opcode = IOCB_CMD_PREAD, .aio_buf = (long)buf, .aio_nbytes = 64, .aio_data = 5}, *cbs[] = {&cb};
	say_result(syscall(SYS_io_submit, ctx, 1, cbs));
	say_result(syscall(SYS_io_pgetevents, ctx, 1, 4, ev, NULL, &pair));
	say("data %d res %d", (int)ev[0].data, (int)ev[0].res);
	say_result(syscall(SYS_io_destroy, ctx));
}
