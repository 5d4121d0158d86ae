// MAP_SHARED text is left alone: a file opened for reading, a file opened for
// writing (a patch would be written to it), a memfd sealed against writing, a
// private mapping of that memfd (which is patched).
//e2e:not-static its file has no text of the C library then
//e2e:args /proc/self/exe
//e2e:env SYSTRAP_DISCOVER=0
//e2e:again SYSTRAP_DISCOVER=1
//e2e:report unpatched.shared 6
//e2e:report trapped 290
#include "pages.h"
#include <elf.h>
static char *image;
static long size;
static unsigned long sum(int fd) {
	static char b[1 << 20];
	unsigned long s = 5381;
	long n = pread(fd, b, sizeof b, 0);
	for (long i = 0; i < n; i++)
		s = s * 33 + (unsigned char)b[i];
	return s + n;
}
// view maps the text of an open copy of this program and calls it.
static void view(const char *what, int fd, int flags) {
	Elf64_Ehdr *e = (Elf64_Ehdr *)image;
	Elf64_Phdr *p = (Elf64_Phdr *)(image + e->e_phoff), *text = NULL;
	for (int i = 0; i < e->e_phnum; i++)
		if (p[i].p_type == PT_LOAD && p[i].p_flags & PF_X)
			text = &p[i];
	extern char __ehdr_start[];
	unsigned long at = (page_getppid - __ehdr_start) - text->p_vaddr, before = sum(fd);
	char *m = mmap(NULL, text->p_filesz, PROT_READ | PROT_EXEC, flags, fd, text->p_offset);
	if (m == MAP_FAILED) {
		say("%s: %s", what, strerrorname_np(errno));
		return;
	}
	say("%s: runs %d", what, page_run(m + at) == getppid());
	say("%s: file unchanged %d", what, sum(fd) == before);
	say_result(mprotect(m, text->p_filesz, PROT_READ | PROT_EXEC));
	say("%s: runs again %d", what, page_run(m + at) == getppid());
	say_result(mprotect(m, text->p_filesz, PROT_READ | PROT_WRITE));
	say("%s: bytes unchanged %d", what, memcmp(m, image + text->p_offset, text->p_filesz) == 0);
	say("%s: file unchanged %d", what, sum(fd) == before);
}
int main(int argc, char **argv) {
	page_runs("own", 30);
	int fd = open(argv[1], O_RDONLY), copy = open("copy", O_RDWR | O_CREAT, 0700), mem = memfd_create("text", MFD_ALLOW_SEALING);
	size = lseek(fd, 0, SEEK_END);
	image = malloc(size);
	if (pread(fd, image, size, 0) != size || write(copy, image, size) != size || write(mem, image, size) != size)
		return 1;
	int ro = open("copy", O_RDONLY);
	view("shared, writable file", copy, MAP_SHARED);
	view("shared, read-only descriptor", ro, MAP_SHARED);
	say_result(fcntl(mem, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK));
	view("shared, sealed memfd", mem, MAP_SHARED);
	view("private, sealed memfd", mem, MAP_PRIVATE);
	view("private, read-only descriptor", ro, MAP_PRIVATE);
}
