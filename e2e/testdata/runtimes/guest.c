// A static program that qemu-user translates: threads, signals, code that it makes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <signal.h>
#include <pthread.h>
#include <sys/wait.h>
#include <sys/mman.h>
static void h(int s) { write(1, "handler\n", 8); }
static void *th(void *p) { long s = 0; for (long i = 0; i < 3000000; i++) s = s * 31 + i; return (void *)s; }
int main(void) { setvbuf(stdout, 0, _IONBF, 0);
 pthread_t t[3]; void *r; for (int i = 0; i < 3; i++) pthread_create(&t[i], 0, th, 0); for (int i = 0; i < 3; i++) { pthread_join(t[i], &r); printf("%ld\n", (long)r); }
 signal(SIGUSR1, h); signal(SIGILL, h); raise(SIGUSR1); raise(SIGILL);
 unsigned char *m = mmap(0, 4096, 7, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0); int ok = 0;
 for (int i = 0; i < 200; i++) { memcpy(m, "\xb8\x6e\0\0\0\x0f\x05\xc3", 8); ok += ((int (*)(void))m)() == getppid(); m[1] = 39; ok += ((int (*)(void))m)() == getpid(); }
 printf("%d\n", ok); int p = fork(); if (!p) { printf("child\n"); _exit(3); } int st; waitpid(p, &st, 0); printf("%d\n", WEXITSTATUS(st)); return 6; }
