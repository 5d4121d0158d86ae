// Restartable sequences: glibc's registration is there and works.
#include "probe.h"
#include <sys/rseq.h>
int main(void) {
	struct rseq *r = (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
	int bad = 0;
	say("size %u flags %u registered %d", __rseq_size, __rseq_flags, (int)r->cpu_id >= 0);
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof one, &one);
	for (int i = 0; i < 1000; i++) {
		getppid();
		bad += r->cpu_id != 0;
	}
	say("wrong cpu %d rseq_cs %d", bad, (int)r->rseq_cs);
	say_result(syscall(SYS_rseq, r, 32, 0, RSEQ_SIG));
	say_result(syscall(SYS_rseq, r, 32, 1, RSEQ_SIG));
}
