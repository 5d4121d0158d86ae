// Calls that the hook of answers.c answers, for their lines in a log (TestHooksLogText).
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void answer(long with) { syscall(SYS_close, -77L, with); }

int main(void)
{
	char buf[32] = "before", text[301];
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_CUR, .l_start = -1, .l_len = 9, .l_pid = 5};
	char *far = (char *)0xabc000;

	memset(text, 'z', 300);
	text[300] = 0;
	answer(10);
	syscall(SYS_pread64, 3, buf, 5L, 1L << 33);
	syscall(SYS_pread64, -3, 0, 5L, -1L);
	syscall(SYS_openat, AT_FDCWD, "a b", O_WRONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	syscall(SYS_openat, 4, "made", O_RDWR | O_CREAT | O_EXCL, 0640);
	syscall(SYS_openat, 4, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0);
	syscall(SYS_write, 1, text, 122L);
	syscall(SYS_write, 1, text, 123L);
	syscall(SYS_unlink, text);
	syscall(SYS_unlink, text + 178);
	syscall(SYS_unlink, far);
	syscall(SYS_access, "", 0);
	syscall(SYS_access, "q\"\\\x7f", R_OK | X_OK);
	syscall(SYS_lseek, 7, -5L, SEEK_DATA);
	syscall(SYS_lseek, 7, 5L, 99);
	syscall(SYS_fcntl, 7, F_SETLKW, &lock);
	syscall(SYS_fcntl, 7, F_DUPFD, 20L);
	syscall(SYS_fcntl, 7, 4000, 1L);
	syscall(SYS_pipe2, buf, O_CLOEXEC);
	syscall(SYS_mmap, 0, 4096L, 3L, 34L, -1, 0L);
	syscall(SYS_kill, 5L, 9L);
	syscall(SYS_umask, 022L);
	syscall(SYS_mkdirat, AT_FDCWD, "d", 0L);
	syscall(SYS_setxattr, "f", "user.k", "value", 3L, 1L);
	syscall(SYS_brk, far);
	syscall(1999, 1L, 2L, 3L, 4L, 5L, 6L);
	answer(-9);
	syscall(SYS_pread64, 3, buf, 5L, 0L);
	answer(-2);
	syscall(SYS_rmdir, "none");
	answer(-600);
	syscall(SYS_rmdir, "none");
	syscall(SYS_close, -78L);
	return 0;
}
