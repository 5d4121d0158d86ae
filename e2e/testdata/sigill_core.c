//e2e:not-launched the command line ends by the same signal, but its parent learns of no core
//e2e:need core
//e2e:status signal 4 (illegal instruction), core dumped
//e2e:notrace
//e2e:exes true
// The whole process dies of a genuine ud2, with a core.
#include "probe.h"
int main(void) {
	say("system %d", system("/bin/true"));
	UD2();
}
