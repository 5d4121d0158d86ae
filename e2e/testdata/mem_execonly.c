// Execute-only text: made so, read natively through /proc/self/mem only; a
// file's mapping that is execute-only from the start; a genuine ud2 and a
// prefixed syscall in it.
//e2e:report trapped 890
//e2e:again SYSTRAP_DISCOVER=0
#include "pages.h"
int main(void) {
	page_maps("before", PAGES, pages_size);
	say_result(mprotect(PAGES, pages_size, PROT_EXEC));
	page_maps("execute-only", PAGES, pages_size);
	page_runs("execute-only", 100);
	say_result(mprotect(PAGES, pages_size, PROT_READ | PROT_EXEC));
	page_maps("readable", PAGES, pages_size);
	page_runs("readable", 10);
	char b[pages_size];
	int fd = open("copy", O_RDWR | O_CREAT, 0700);
	mprotect(PAGES, pages_size, PROT_READ);
	memcpy(b, PAGES, pages_size);
	mprotect(PAGES, pages_size, PROT_READ | PROT_EXEC);
	if (write(fd, b, sizeof b) != sizeof b)
		return 1;
	char *p = mmap(NULL, pages_size, PROT_EXEC, MAP_PRIVATE, fd, 0);
	page_maps("file", p, pages_size);
	say("file %d", page_run(p) == getppid());
	fork() == 0 ? page_runs("child", 10), _exit(0) : wait(NULL);
}
