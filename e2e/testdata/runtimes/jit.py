# Loops for a tracing compiler; ctypes and libffi closures; machine code in an mmap.
import sys, ctypes, os, threading, re, json
def sieve(n):
    s = bytearray(n + 1); c = 0
    for i in range(2, n + 1):
        if not s[i]:
            c += 1
            for j in range(2 * i, n + 1, i): s[j] = 1
    return c
N = 300000 if hasattr(sys, "pypy_version_info") else 20000
print(sieve(N))
class A:
    def __init__(s, v): s.v = v
    def f(s, o): return A(s.v + o.v)
a = A(0)
for i in range(N): a = a.f(A(i if i % 1000 else 0.5))
print(a.v)
print(sum(1 for i in range(N) if str(i)[::-1] == str(i)))
e = 0
for i in range(N // 10):
    try: [][i % 3] if i % 2 else 1 // (i % 7)
    except (IndexError, ZeroDivisionError): e += 1
print(e)
r = []
ts = [threading.Thread(target=lambda k=k: r.append(sum(i * k for i in range(20000)))) for k in range(6)]
[t.start() for t in ts]; [t.join() for t in ts]; print(sorted(r))
libc = ctypes.CDLL(None)
CMP = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
arr = (ctypes.c_int * 500)(*[(i * 7919) % 500 for i in range(500)])
libc.qsort(arr, 500, 4, CMP(lambda p, q: p[0] - q[0])); print(list(arr) == sorted(arr))
cbs = [CMP(lambda p, q, k=k: k) for k in range(300)]; print(sum(c(None, None) for c in cbs))
print(libc.getppid() == os.getppid(), sum(libc.getppid() == os.getppid() for i in range(300)))
p = os.fork()
if p == 0: os._exit(CMP(lambda p, q: 9)(None, None))
print(os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]))
import mmap
m = mmap.mmap(-1, 4096, prot=7); m.write(bytes([0xb8, 110, 0, 0, 0, 0x0f, 5, 0xc3]))
f = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))
print(f() == os.getppid(), sum(f() == os.getppid() for i in range(1000)), m[:8].hex())
out = []
CB = ctypes.CFUNCTYPE(None, ctypes.c_int); import signal
signal.signal(signal.SIGALRM, lambda s, f: out.append(s)); signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
while len(out) < 5: CMP(lambda p, q: 1)(None, None)
signal.setitimer(signal.ITIMER_REAL, 0); print("alarms")
sys.exit(5)
