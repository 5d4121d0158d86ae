// Text in huge pages: hugetlbfs (mprotect wants whole ones), a forked child of
// which the kernel may have no page left to copy to, and transparent ones.
//e2e:need hugetlb
//e2e:report trapped 880
//e2e:again SYSTRAP_DISCOVER=0
#include "pages.h"
enum { huge = 2 << 20 };
static void fill(char *m) {
	memset(m, 0x90, huge);
	for (int at = 4096; at < huge; at += 65536)
		memcpy(m + at, PAGES, 4096);
}
// huge_kb is how much of the mapping at m is in transparent huge pages.
static int huge_kb(char *m) {
	char line[4096 + 200];
	unsigned long lo, hi;
	int in = 0, kb = -1, n;
	FILE *f = fopen("/proc/self/smaps", "r");
	while (fgets(line, sizeof line, f)) {
		if (sscanf(line, "%lx-%lx ", &lo, &hi) == 2)
			in = lo <= (unsigned long)m && (unsigned long)m < hi;
		if (in && sscanf(line, "AnonHugePages: %d", &n) == 1)
			kb = n;
	}
	fclose(f);
	return kb;
}
static void run(const char *what, char *m) {
	int right = 0, n = 0;
	for (int at = 4096; at < huge; at += 65536, n++)
		right += page_run(m + at) == getppid();
	say("%s: right %d of %d", what, right, n);
}
int main(void) {
	int rw = PROT_READ | PROT_WRITE, rx = PROT_READ | PROT_EXEC;
	page_runs("own", 50);
	mprotect(PAGES, pages_size, PROT_READ); // its own bytes
	for (int kind = 0; kind < 2; kind++) {
		const char *what = kind ? "transparent" : "hugetlb";
		char *m = mmap(NULL, 2 * huge, rw, MAP_PRIVATE | MAP_ANONYMOUS | (kind ? 0 : MAP_HUGETLB), -1, 0);
		if (m == MAP_FAILED)
			return 2;
		if (kind) {
			m = (char *)(((unsigned long)m + huge - 1) & -huge);
			madvise(m, huge, MADV_HUGEPAGE);
		}
		fill(m);
		int before = huge_kb(m);
		say_result(mprotect(m, huge, rx));
		run(what, m);
		page_maps(what, m, huge);
		say("%s: still huge %d", what, huge_kb(m) == before);
		fflush(stdout);
		if (fork() == 0) {
			run("child", m);
			say_result(mprotect(m, huge, rw));
			say("child: bytes unchanged %d", memcmp(m + 4096, PAGES, 4096) == 0);
			say_result(mprotect(m, huge, rx));
			run("child again", m);
			_exit(0);
		}
		wait(NULL);
		say_result(mprotect(m, huge, rw));
		say("%s: bytes unchanged %d", what, memcmp(m + 4096, PAGES, 4096) == 0);
		m[4096] ^= 0;
		say_result(mprotect(m, huge, rx));
		run("again", m);
		say_result(mprotect(m, 4096, rx));
		say_result(munmap(m, huge));
	}
}
