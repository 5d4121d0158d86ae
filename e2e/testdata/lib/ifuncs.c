// A library with hundreds of indirect functions: the resolvers run while ld.so
// relocates it, before anything of the library's own, and make calls.
#include "../probe.h"
static atomic_long resolved;
#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)
#define ONE(n)                                                                            \
	static long CAT(body, n)(long x) { return x + n + raw6(SYS_getpid, 0, 0, 0, 0, 0, 0) * 0; } \
	static void *CAT(resolver, n)(void) {                                             \
		resolved += raw6(SYS_getppid, 0, 0, 0, 0, 0, 0) >= 0;                     \
		return CAT(body, n);                                                      \
	}                                                                                 \
	__attribute__((visibility("default"))) long CAT(indirect, n)(long) __attribute__((ifunc(CAT_STR(n))));
#define STR_(x) #x
#define STR(x) STR_(x)
#define CAT_STR(n) STR(resolver##n)
#define TEN(n) ONE(n##0) ONE(n##1) ONE(n##2) ONE(n##3) ONE(n##4) ONE(n##5) ONE(n##6) ONE(n##7) ONE(n##8) ONE(n##9)
#define HUNDRED(n) TEN(n##0) TEN(n##1) TEN(n##2) TEN(n##3) TEN(n##4) TEN(n##5) TEN(n##6) TEN(n##7) TEN(n##8) TEN(n##9)
HUNDRED(1)
HUNDRED(2)
HUNDRED(3)
long resolvers_run(void) { return resolved; }
// Pointers in data: relocated whether or not binding is lazy.
long (*const indirect_table[])(long) = {indirect100, indirect150, indirect199, indirect200, indirect299, indirect300, indirect399};
