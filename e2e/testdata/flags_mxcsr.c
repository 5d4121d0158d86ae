// What a tool computes leaves no trace in the program's MXCSR.
//e2e:again SYSTRAP_DOOR=jump
#include "probe.h"
#include <xmmintrin.h>
int main(void) {
	int wrong = 0;
	for (unsigned mode = 0; mode < 4; mode++) {
		_mm_setcsr(0x1f80 | mode << 13);
		for (int i = 0; i < 100; i++) {
			getppid();
			wrong += _mm_getcsr() != (0x1f80 | mode << 13);
		}
	}
	say("wrong %d", wrong);
}
