// Restartable sequences: glibc's registration is there and works.
//e2e:not-musl musl registers no restartable sequences
#include "probe.h"
#include <sys/rseq.h>
int main(void) {
	struct rseq *r = (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
	int bad = 0;
	say("size %u flags %u registered %d", __rseq_size, __rseq_flags, (int)r->cpu_id >= 0);
	cpu_set_t one;
	sched_getaffinity(0, sizeof one, &one);
	int cpu = 0;
	while (!CPU_ISSET(cpu, &one))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof one, &one);
	for (int i = 0; i < 1000; i++) {
		getppid();
		bad += r->cpu_id != cpu;
	}
	say("wrong cpu %d rseq_cs %d", bad, (int)r->rseq_cs);
	say_result(syscall(SYS_rseq, r, 32, 0, RSEQ_SIG));
	say_result(syscall(SYS_rseq, r, 32, 1, RSEQ_SIG));
}
