// The program reads its own text: through memory, /proc/self/mem and the file.
// Patched bytes are visible in memory (documented); the file's are not.
//e2e:again SYSTRAP_DISCOVER=only
//e2e:not-rewritten its file has traps then
#include "probe.h"
extern char site[];
int main(void) {
	long r;
	__asm__ volatile(".globl site\nsite: syscall" : "=a"(r) : "0"(SYS_getppid) : "rcx", "r11", "memory");
	say("getppid %d", r == getppid());
	char maps[4096];
	int fd = open("/proc/self/maps", O_RDONLY), n = 0, rwx = 0;
	FILE *f = fdopen(fd, "r");
	while (fgets(maps, sizeof maps, f)) {
		n++;
		if (strstr(maps, "rwxp"))
			rwx++;
	}
	say("writable and executable mappings %d", rwx);
	int self = open("/proc/self/exe", O_RDONLY);
	unsigned char *m = mmap(NULL, 65536, PROT_READ, MAP_PRIVATE, self, 0);
	int found = 0;
	for (int i = 0; i < 16000; i++)
		found += m[i] == 0x0f && m[i + 1] == 0x05;
	say("in the file %d", found > 0);
}
