// Threads, exceptions and emitted code of a Windows program.
#include <windows.h>
#include <stdio.h>
static volatile LONG n;
static LONG CALLBACK veh(EXCEPTION_POINTERS *e) {
	if (e->ExceptionRecord->ExceptionCode == EXCEPTION_ILLEGAL_INSTRUCTION) { n += 100; e->ContextRecord->Rip += 2; return EXCEPTION_CONTINUE_EXECUTION; }
	if (e->ExceptionRecord->ExceptionCode == EXCEPTION_ACCESS_VIOLATION) { n += 10000; e->ContextRecord->Rip += 3; return EXCEPTION_CONTINUE_EXECUTION; }
	return EXCEPTION_CONTINUE_SEARCH;
}
static DWORD WINAPI th(void *p) { InterlockedIncrement(&n); Sleep(5); return 7; }
int main(void) {
	HANDLE t[4]; DWORD c, old;
	for (int i = 0; i < 4; i++) t[i] = CreateThread(0, 0, th, 0, 0, 0);
	WaitForMultipleObjects(4, t, TRUE, INFINITE); GetExitCodeThread(t[0], &c);
	printf("threads %ld code %lu\n", n, c);
	AddVectoredExceptionHandler(1, veh);
	unsigned char *p = VirtualAlloc(0, 4096, MEM_COMMIT, PAGE_EXECUTE_READWRITE);
	memcpy(p, "\x0f\x0b\x31\xc0\x8a\x00\x90\xb8\x05\0\0\0\xc3", 13); /* ud2; xor eax,eax; mov (rax),al */
	p[4] = 0x48; p[5] = 0x8b; p[6] = 0x00;
	int r = 0; for (int i = 0; i < 50; i++) r += ((int (*)(void))p)();
	VirtualProtect(p, 4096, PAGE_EXECUTE_READ, &old); r += ((int (*)(void))p)();
	printf("jit %d n %ld old %lx\n", r, n, old);
	HANDLE f = CreateFileA("out.txt", GENERIC_WRITE, 0, 0, CREATE_ALWAYS, 0, 0); WriteFile(f, "text\r\n", 6, &c, 0); CloseHandle(f);
	STARTUPINFOA si = {sizeof si}; PROCESS_INFORMATION pi; char cmd[] = "cmd /c exit 3";
	if (CreateProcessA(0, cmd, 0, 0, 0, 0, 0, 0, &si, &pi)) { WaitForSingleObject(pi.hProcess, INFINITE); GetExitCodeProcess(pi.hProcess, &c); printf("child %lu\n", c); }
	return 9;
}
