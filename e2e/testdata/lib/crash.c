// Dies some calls deep: of a fault, of abort(3), or of a ud2.
#include <stdlib.h>
#include <unistd.h>

__attribute__((noinline, optimize("no-optimize-sibling-calls"))) int deep(int n, char how) {
	if (n > 0)
		return deep(n - 1, how) + 1;
	if (how == 'a')
		abort();
	if (how == 'u')
		__asm__ volatile("ud2");
	return *(volatile int *)(long)getppid();
}

int main(int argc, char **argv) {
	return deep(5, argc > 1 ? argv[1][0] : 0);
}
