// JIT-heavy: number crunching with types that change (deoptimisation), objects,
// closures, typed arrays, regular expressions, generators, try/catch, GC.
function sieve(n) { const s = new Uint8Array(n + 1); let c = 0; for (let i = 2; i <= n; i++) { if (!s[i]) { c++; for (let j = 2 * i; j <= n; j += i) s[j] = 1; } } return c; }
function add(a, b) { return a + b; }
class V { constructor(x, y) { this.x = x; this.y = y; } plus(o) { return new V(this.x + o.x, this.y + o.y); } }
function nbody(n) { let x = 0, v = 1; for (let i = 0; i < n; i++) { const a = -x; v += a * 0.01; x += v * 0.01; } return x.toFixed(9); }
function* gen(n) { for (let i = 0; i < n; i++) yield i * i; }
function crc(s) { let c = -1; for (let i = 0; i < s.length; i++) { c ^= s.charCodeAt(i); for (let k = 0; k < 8; k++) c = c & 1 ? c >>> 1 ^ 0xedb88320 : c >>> 1; } return (c ^ -1) >>> 0; }
console.log(sieve(400000), nbody(2000000));
let t = 0; for (let i = 0; i < 200000; i++) t = add(t, i); for (let i = 0; i < 100; i++) t = add(t, "x"); console.log(t.length);
let v = new V(0, 0); for (let i = 0; i < 300000; i++) v = v.plus(new V(1, i & 1 ? 0.5 : 1)); console.log(v.x, v.y);
let g = 0; for (const x of gen(100000)) g = (g + x) % 1000003; console.log(g);
let text = ""; for (let i = 0; i < 20000; i++) text += "k" + i + "=" + (i * 7919 % 1000) + ";"; console.log(crc(text), text.match(/k(\d+)=(\d)\2\2;/g).length, text.replace(/=(\d+)/g, (m, d) => ":" + d * 2).length);
let caught = 0; for (let i = 0; i < 20000; i++) { try { if (i % 3 == 0) null.f; JSON.parse(i % 5 ? "{}" : "{"); } catch (e) { caught++; } } console.log(caught);
function fresh(i) { return new Function("a", "let s = 0; for (let i = 0; i < 3000; i++) s = (s + a * " + i + ") % 65521; return s;"); }
let f = 0; for (let i = 0; i < 150; i++) { const h = fresh(i); for (let k = 0; k < 8; k++) f = (f + h(k)) % 65521; } console.log(f);
// WebAssembly, made by hand: (func (param i32) (result i32)) fib, a loop over memory, an import.
const B = (...a) => Uint8Array.from(a.flat(9)), sec = (id, ...c) => [id, c.flat(9).length, ...c.flat(9)], str = (s) => [s.length, ...Buffer.from(s)];
const fibBody = [0, 0x20, 0, 0x41, 2, 0x48, 0x04, 0x7f, 0x20, 0, 0x05, 0x20, 0, 0x41, 1, 0x6b, 0x10, 1, 0x20, 0, 0x41, 2, 0x6b, 0x10, 1, 0x6a, 0x0b, 0x0b];
const trapBody = [0, 0x20, 0, 0x28, 2, 0, 0x0b]; // i32.load: out of bounds is a trap by signal
const divBody = [0, 0x41, 1, 0x20, 0, 0x6d, 0x0b];
const callBody = [0, 0x20, 0, 0x10, 0, 0x0b];
const wasm = B(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, sec(1, 1, 0x60, 1, 0x7f, 1, 0x7f), sec(2, 1, str("e"), str("f"), 0, 0), sec(3, 4, 0, 0, 0, 0), sec(5, 1, 0, 1),
  sec(7, 5, str("fib"), 0, 1, str("load"), 0, 2, str("div"), 0, 3, str("call"), 0, 4, str("mem"), 2, 0),
  sec(10, 4, [fibBody, trapBody, divBody, callBody].map((b) => [b.length, b])));
const { exports: w } = new WebAssembly.Instance(new WebAssembly.Module(wasm), { e: { f: (x) => { if (x < 0) throw new Error("import"); return x * 2; } } });
console.log(w.fib(24), w.call(21));
const kind = (g) => { try { g(); return "none"; } catch (e) { return e.constructor.name + ": " + e.message; } };
let k = {}; for (let i = 0; i < 300; i++) for (const m of [kind(() => w.load(70000 + i)), kind(() => w.load(-4)), kind(() => w.div(0)), kind(() => w.call(-1))]) k[m] = (k[m] || 0) + 1;
console.log(k);
const { Worker, isMainThread, parentPort, workerData } = require("worker_threads");
const shared = new SharedArrayBuffer(8), cell = new Int32Array(shared); let left = 3;
for (let i = 0; i < 3; i++) new Worker(`const { workerData: d } = require("worker_threads"), c = new Int32Array(d.shared);
  function work(n) { let s = 0; for (let i = 0; i < n; i++) { s = (s * 31 + i) | 0; if (i % 1000 == 0) Atomics.add(c, 0, 1); } return s; }
  let r; for (let i = 0; i < 20; i++) r = work(20000); const w = new WebAssembly.Module(d.wasm); r += new WebAssembly.Instance(w, { e: { f: (x) => x } }).exports.fib(18);
  require("worker_threads").parentPort.postMessage(r);`, { eval: true, workerData: { shared, wasm } }).on("message", (m) => { console.log("worker", m); if (!--left) console.log(Atomics.load(cell, 0)); });
process.exitCode = 3;
