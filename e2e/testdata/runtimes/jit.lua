-- Traces, FFI calls and callbacks, machine code made by FFI.
local ffi = require "ffi"
ffi.cdef[[ int getppid(void); void *mmap(void *, size_t, int, int, int, long); int mprotect(void *, size_t, int); typedef int (*cmp)(const void *, const void *); void qsort(void *, size_t, size_t, cmp); typedef struct { double x, y; } P; ]]
local bit = require "bit"
local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
print(fib(25))
local t = {} for i = 1, 200000 do t[i] = bit.bxor(i * 7, i) % 1000 end table.sort(t) print(t[1], t[100000], t[200000])
local s = 0 for i = 1, 5000000 do s = (s * 31 + i) % 65521 end print(s)
local same = 0 for i = 1, 3000 do if ffi.C.getppid() == ffi.C.getppid() then same = same + 1 end end print(same) -- calls from traces
local a = ffi.new("int[1000]") for i = 0, 999 do a[i] = (i * 7919) % 1000 end
local cb = ffi.cast("cmp", function(p, q) local x, y = ffi.cast("int *", p)[0], ffi.cast("int *", q)[0] return x < y and -1 or x > y and 1 or 0 end)
for r = 1, 20 do for i = 0, 999 do a[i] = (i * 7919 + r) % 1000 end ffi.C.qsort(a, 1000, 4, cb) end print(a[0], a[500], a[999]) cb:free()
local p = ffi.new("P[100]") for k = 1, 1000 do for i = 0, 99 do p[i].x = p[i].x + i; p[i].y = p[i].y + p[i].x * 0.5 end end print(p[99].x, p[99].y)
local co = coroutine.wrap(function() for i = 1, 100000 do coroutine.yield(i) end return 0 end) local c = 0 for i = 1, 100000 do c = c + co() end print(c)
local e = 0 for i = 1, 20000 do if not pcall(function() if i % 7 == 0 then error "x" end return nil + (i % 5 == 0 and nil or 1) end) then e = e + 1 end end print(e)
-- Machine code of our own, called from traces: writable and executable, then in turn.
local m = ffi.cast("uint8_t *", ffi.C.mmap(nil, 4096, 7, 0x22, -1, 0)) ffi.copy(m, "\xb8\x6e\0\0\0\x0f\x05\xc3", 8)
local f, ok = ffi.cast("int (*)(void)", m), 0 for i = 1, 1000 do if f() == ffi.C.getppid() then ok = ok + 1 end end
for i = 1, 100 do ffi.C.mprotect(m, 4096, 3) m[1] = i % 2 == 0 and 110 or 39 ffi.C.mprotect(m, 4096, 5) if (f() == ffi.C.getppid()) == (i % 2 == 0) then ok = ok + 1 end end print(ok, m[5], m[6])
print(#string.rep("ab", 1000):gsub("a", "cc"), require("jit").status())
os.exit(4)
