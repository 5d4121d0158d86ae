// Checked calls from several threads under two fast timers and SIGILL that is sent, with siglongjmp out of handlers, fork, vfork, threads, pipes and
// naps between: a shared library, which is near the traced process's, and so all its calls have doors (main.c).
//
// Usage: stress SECONDS
//
// A checked call has known values in all registers, flags, red zone and vectors. They are looked at behind the call, and
// by each handler that interrupts it; and no handler may see a pc of the library's. At the end counts are printed, and what was wrong.
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { THREADS = 3, RED = 16, ARITHMETIC = 0x8d5, REGS = 13 };
// At the stack pointer of a checked call: what is wanted, and what was found. Registers are in the order of NUMBERS.
struct record {
	uint64_t want[REGS], got[REGS], flags, got_flags, rcx, r11, zone[RED], got_zone[RED], rsp, result, pad[2];
	uint8_t vector[16][16], got_vector[16][16];
} __attribute__((aligned(16)));
static const int numbers[REGS] = {REG_R8, REG_R9, REG_R10, REG_R12, REG_R13, REG_R14, REG_R15, REG_RDI, REG_RSI, REG_RBP, REG_RBX, REG_RDX, REG_RAX};
#define EACH(M) M(0) M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9) M(10) M(11) M(12) M(13) M(14) M(15)
#define REGISTERS(M) M(0, r8) M(1, r9) M(2, r10) M(3, r12) M(4, r13) M(5, r14) M(6, r15) M(7, rdi) M(8, rsi) M(9, rbp) M(10, rbx) M(11, rdx) M(12, rax)
// Offsets in a record: checked by the static assertions below.
#define GOT "104"
#define FLAGS "208"
#define GOT_FLAGS "216"
#define RCX "224"
#define R11 "232"
#define ZONE "240"
#define GOT_ZONE "368"
#define RSP "496"
#define VECTOR "528"
#define GOT_VECTOR "784"
#define OFFSET(f, n) _Static_assert(__builtin_offsetof(struct record, f) == n, #f)
OFFSET(got, 104); OFFSET(flags, 208); OFFSET(rcx, 224); OFFSET(zone, 240); OFFSET(got_zone, 368); OFFSET(rsp, 496); OFFSET(vector, 528); OFFSET(got_vector, 784);
#define LOAD_X(n) "movups 16*" #n "+" VECTOR "(%rsp), %xmm" #n "\n"
#define SAVE_X(n) "movups %xmm" #n ", 16*" #n "+" GOT_VECTOR "(%rsp)\n"
#define LOAD_ZONE(n) "movq 8*" #n "+" ZONE "(%rsp), %rax\nmovq %rax, 8*" #n "-128(%rsp)\n"
#define SAVE_ZONE(n) "movq 8*" #n "-128(%rsp), %rax\nmovq %rax, 8*" #n "+" GOT_ZONE "(%rsp)\n"
#define LOAD_R(n, r) "movq 8*" #n "(%rsp), %" #r "\n"
#define SAVE_R(n, r) "movq %" #r ", 8*" #n "+" GOT "(%rsp)\n"
__asm__(".text\n.globl checked, checked_insn, checked_site, checked_behind\n.hidden checked, checked_insn, checked_site, checked_behind\n"
	".type checked, @function\nchecked:\n.cfi_startproc\n" // RDI: the record
	"push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
	"movq %rsp, " RSP "(%rdi); movq %rdi, %rsp\n"
	EACH(LOAD_X) EACH(LOAD_ZONE) // the zone once more, behind the flags
	"pushq " FLAGS "(%rsp); popfq\n" EACH(LOAD_ZONE) REGISTERS(LOAD_R)
	"checked_insn: movl $8, %eax\n"
	"checked_site: syscall\n"
	"checked_behind:\n" REGISTERS(SAVE_R) "movq %rcx, " RCX "(%rsp); movq %r11, " R11 "(%rsp)\n" EACH(SAVE_ZONE)
	"pushfq; popq %rax; movq %rax, " GOT_FLAGS "(%rsp)\n" EACH(SAVE_X)
	"movq " RSP "(%rsp), %rsp\n"
	"pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n.cfi_endproc\n.size checked, . - checked\n");
void checked(struct record *);
extern char checked_insn[], checked_site[], checked_behind[];

static atomic_long wrong, signals, inside, rounds, calls, jumps, forks, vforks, threads;
static atomic_int stop;
static uint64_t lib_start, lib_end;
static __thread sigjmp_buf out;
static __thread volatile int may_jump, made;
static __thread unsigned seed;
static __thread char *stack; // of the checked call: handlers' frames are below the record
enum { STACK = 1 << 16 };

static void differ(const char *what, int i, uint64_t is, uint64_t should)
{
	if (is == should || atomic_fetch_add(&wrong, 1) > 20)
		return;
	char b[160];
	int n = snprintf(b, sizeof b, "%s %d: %#lx, should be %#lx\n", what, i, is, should);
	if (write(2, b, n) != n)
		abort();
}

static void handler(int s, siginfo_t *si, void *u)
{
	int saved = errno;
	ucontext_t *uc = u;
	greg_t *r = uc->uc_mcontext.gregs;
	uint64_t rip = r[REG_RIP];
	signals++;
	if (rip - lib_start < lib_end - lib_start)
		differ("handler: a pc of the library's", s, rip, 0);
	if (rip == (uint64_t)checked_insn || rip == (uint64_t)checked_site || rip == (uint64_t)checked_behind) {
		struct record *c = (struct record *)r[REG_RSP];
		inside++;
		made = rip == (uint64_t)checked_behind;
		for (int i = 0; i < REGS - 1; i++)
			differ("handler: register", i, r[numbers[i]], c->want[i]);
		differ("handler: rax", 0, r[REG_RAX], made ? c->result : rip == (uint64_t)checked_insn ? c->want[REGS - 1] : SYS_lseek);
		differ("handler: flags", 0, r[REG_EFL] & ARITHMETIC, c->flags & ARITHMETIC);
		for (int i = 0; i < RED; i++)
			differ("handler: red zone", i, ((uint64_t *)(r[REG_RSP] - 128))[i], c->zone[i]);
		for (int i = 0; i < 16; i++)
			differ("handler: vector", i, memcmp(&uc->uc_mcontext.fpregs->_xmm[i], c->vector[i], 16), 0);
		if (may_jump && rand_r(&seed) % 8 == 0) {
			jumps++;
			siglongjmp(out, 1);
		}
	}
	errno = saved;
}

static void check(int fd, volatile uint64_t *position)
{
	struct record *r = (struct record *)(stack + STACK), c;
	memset(&c, 0, sizeof c);
	for (uint64_t i = 0; i < REGS; i++)
		c.want[i] = 0x123456789abc * (i + 3) + *position * 7919;
	c.want[7] = fd, c.want[8] = 1, c.want[11] = SEEK_CUR;
	uint64_t n = *position;
	c.flags = 0x202 | (n & 1) | (n >> 1 & 1) << 2 | (n >> 2 & 1) << 4 | (n >> 3 & 1) << 6 | (n >> 4 & 1) << 7 | (n >> 5 & 1) << 11;
	for (int i = 0; i < RED; i++)
		c.zone[i] = ~n * 31 + i;
	for (int i = 0; i < 16; i++)
		for (int k = 0; k < 16; k++)
			c.vector[i][k] = n + 37 * i + 5 * k;
	c.result = n + 1;
	made = 0;
	if (sigsetjmp(out, 1)) {
		may_jump = 0;
		*position += made;
		differ("position", 0, lseek(fd, 0, SEEK_CUR), *position);
		return;
	}
	may_jump = 1;
	*r = c;
	checked(r);
	c = *r;
	may_jump = 0;
	(*position)++;
	calls++;
	for (int i = 0; i < REGS - 1; i++)
		differ("register", i, c.got[i], c.want[i]);
	differ("result", 0, c.got[REGS - 1], c.result);
	differ("rcx", 0, c.rcx, (uint64_t)checked_behind);
	differ("r11", 0, c.r11 & ARITHMETIC, c.flags & ARITHMETIC);
	differ("flags", 0, c.got_flags & ARITHMETIC, c.flags & ARITHMETIC);
	differ("red zone", 0, memcmp(c.got_zone, c.zone, sizeof c.zone), 0);
	differ("vectors", 0, memcmp(c.got_vector, c.vector, sizeof c.vector), 0);
}

static void *nothing(void *p) { return p; }

static void *work(void *p)
{
	static atomic_int number;
	char name[40];
	int pipes[2];
	seed = ++number;
	snprintf(name, sizeof name, "position%u", seed);
	int fd = open(name, O_RDWR | O_CREAT, 0600);
	volatile uint64_t position = 0;
	stack = aligned_alloc(64, STACK + 2048);
	if (pipe(pipes) || fd < 0 || !stack)
		abort();
	while (!stop) {
		rounds++;
		for (int i = 0; i < 300; i++)
			check(fd, &position);
		char c = 7;
		ssize_t n;
		while ((n = write(pipes[1], &c, 1)) < 0 && errno == EINTR)
			;
		differ("write", 0, n, 1);
		while ((n = read(pipes[0], &c, 1)) < 0 && errno == EINTR)
			;
		differ("read", 0, n, 1);
		struct timespec nap = {0, 20000};
		while (nanosleep(&nap, &nap) < 0)
			differ("nanosleep", 0, errno, EINTR);
		int pid = 0, status = 0;
		switch (rand_r(&seed) % 24) {
		case 0:
			forks++;
			if ((pid = fork()) == 0) {
				long before = wrong;
				for (int i = 0; i < 20; i++)
					check(fd, &position);
				_exit(wrong == before ? 33 : 34);
			}
			while (waitpid(pid, &status, 0) < 0)
				differ("waitpid", 0, errno, EINTR);
			differ("fork", 0, status, 33 << 8);
			position = lseek(fd, 0, SEEK_CUR); // which it shares
			break;
		case 1:
			vforks++;
			if ((pid = vfork()) == 0)
				_exit(35);
			while (waitpid(pid, &status, 0) < 0)
				differ("waitpid", 0, errno, EINTR);
			differ("vfork", 0, status, 35 << 8);
			break;
		case 2: {
			pthread_t t;
			threads++;
			if (pthread_create(&t, NULL, nothing, NULL) == 0)
				pthread_join(t, NULL);
		}
		}
	}
	return p;
}

__attribute__((visibility("default"))) int steps(int argc, char **argv)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char line[4200], *tool = getenv("STRESS_TOOL");
	while (tool && fgets(line, sizeof line, f))
		if (strstr(line, "r-xp") && strstr(line, tool))
			sscanf(line, "%lx-%lx", &lib_start, &lib_end);
	fclose(f);
	if (tool && !lib_end)
		return 2;
	struct sigaction a = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	struct itimerval every = {{0, 100}, {0, 100}};
	struct sigevent e = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
	struct itimerspec often = {{0, 100000}, {0, 100000}};
	timer_t timer;
	sigaction(SIGALRM, &a, NULL);
	sigaction(SIGRTMIN, &a, NULL);
	sigaction(SIGILL, &a, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	timer_create(CLOCK_MONOTONIC, &e, &timer);
	timer_settime(timer, 0, &often, NULL);
	pthread_t t[THREADS];
	time_t end = time(NULL) + atoi(argv[1]);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, work, NULL);
	for (int i = 0; time(NULL) < end; i++) {
		usleep(300);
		pthread_kill(t[i % THREADS], SIGILL); // the traps' own
	}
	stop = 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	printf("calls %ld signals %ld inside %ld jumps %ld forks %ld vforks %ld threads %ld wrong %ld\n", calls, signals, inside, jumps, forks, vforks, threads, wrong);
	return wrong != 0;
}
