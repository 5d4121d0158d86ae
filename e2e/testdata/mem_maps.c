//e2e:not-launched it tells the library from other mappings by LD_PRELOAD, which is hidden then
// The mappings of the program, libc and ld.so are what they are natively, in
// number, extent, permissions and flags: at start, after dlopen, and after
// mprotect of pages in the middle of text and back.
//e2e:lib piece.so lib/ids.c
//e2e:args $BIN/piece.so
//e2e:flags -ldl
//e2e:report trapped 1220
//e2e:again SYSTRAP_DISCOVER=0
//e2e:not-in-libc it prints the mappings of the C library
#include "pages.h"
#include <dlfcn.h>
#include <link.h>
static int show(struct dl_phdr_info *i, size_t n, void *what) {
	for (int k = 0; k < i->dlpi_phnum; k++) {
		const ElfW(Phdr) *p = &i->dlpi_phdr[k];
		const char *name = strrchr(i->dlpi_name, '/');
		if (p->p_type != PT_LOAD || strcmp(i->dlpi_name, "linux-vdso.so.1") == 0 || (name && strcmp(name, "/silent.so") == 0))
			continue;
		char b[200];
		snprintf(b, sizeof b, "%s %s segment %d", (char *)what, name ? name : "program", k);
		page_maps(b, (void *)(i->dlpi_addr + p->p_vaddr), p->p_memsz);
	}
	return 0;
}
int main(int argc, char **argv) {
	dl_iterate_phdr(show, "start");
	page_runs("start", 10);
	void *h = dlopen(argv[1], RTLD_NOW);
	say("dlopen %d", h != NULL);
	dl_iterate_phdr(show, "dlopen");
	int rx = PROT_READ | PROT_EXEC;
	say_result(mprotect(PAGES, 4096, PROT_READ));
	say_result(mprotect(PAGES, 4096, rx));
	page_runs("first page", 10);
	page_maps("first page", PAGES, pages_size);
	// The second byte of page_straddling is in this page.
	say_result(mprotect(page_straddling + 6, 4096, PROT_READ | PROT_WRITE));
	say("second byte %x, written", page_end[-4096]);
	page_end[-4096] = 5;
	say_result(mprotect(page_straddling + 6, 4096, rx));
	page_runs("second page", 10);
	page_maps("second page", PAGES, pages_size);
	say_result(madvise(PAGES, pages_size, MADV_DONTNEED)); // the file's bytes again
	page_runs("dropped", 10);
	page_maps("dropped", PAGES, pages_size);
}
