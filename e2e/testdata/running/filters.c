// Installs a seccomp filter when a byte comes: one that lets everything through, or one that kills for what this program does
// not call itself ("kill"), or strict mode ("strict"). At "y" it makes fifty calls. It ends behind any other byte.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ALLOW(nr) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

int main(int argc, char **argv) {
	char c;
	struct sock_filter all[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_filter some[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)), ALLOW(SYS_read), ALLOW(SYS_write), ALLOW(SYS_getppid),
		ALLOW(SYS_prctl), ALLOW(SYS_rt_sigreturn), ALLOW(SYS_exit_group), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS) };
	struct sock_fprog prog = { argc > 1 ? sizeof some / sizeof *some : 1, argc > 1 ? some : all };
	setvbuf(stdout, 0, _IONBF, 0);
	puts("ready");
	if (read(0, &c, 1) != 1 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 1;
	if (argc > 1 && !strcmp(argv[1], "strict")) {
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))
			return 1;
		puts("filtered");
		syscall(SYS_exit, read(0, &c, 1) != 1);
	}
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		return 1;
	puts("filtered");
	if (read(0, &c, 1) == 1 && c == 'y') {
		for (int i = 0; i < 50; i++)
			getppid();
		puts("asked");
		c = read(0, &c, 1) != 1;
		return c;
	}
	return 0;
}
