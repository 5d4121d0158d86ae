// Sealed text (mseal(2), Linux 6.10): it was patched before; what the program
// then asks for fails as it does natively, and the code goes on to run.
//e2e:need mseal
//e2e:report trapped 290
//e2e:again SYSTRAP_DISCOVER=0
#include "pages.h"
#ifndef SYS_mseal
#define SYS_mseal 462
#endif
int main(void) {
	page_runs("before", 10);
	say_result(syscall(SYS_mseal, PAGES, (long)pages_size, 0L));
	page_runs("sealed", 10);
	say_result(mprotect(PAGES, pages_size, PROT_READ | PROT_WRITE));
	page_runs("after mprotect", 10);
	say_result(mprotect(PAGES, 4096, PROT_NONE));
	say_result(munmap(PAGES, pages_size));
	say_result(mremap(PAGES, pages_size, pages_size, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)0x10000000));
	say_result(mmap(PAGES, pages_size, PROT_READ | PROT_EXEC, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	page_runs("after all", 10);
	page_maps("after all", PAGES, pages_size);
}
