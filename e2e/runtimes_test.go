package e2e

import (
	"regexp"
	"testing"
)

// pythonScript exercises threads, subprocesses, signals and sockets.
const pythonScript = `cat > t.py <<'EOF'
import array, asyncio, json, mmap, multiprocessing, os, select, signal, socket, subprocess, sys, tempfile, threading, time, concurrent.futures
def main():
    results = []
    ts = [threading.Thread(target=lambda i=i: (time.sleep(0.001 * (i % 3)), results.append(i))) for i in range(40)]
    [t.start() for t in ts]; [t.join() for t in ts]
    print(sorted(results) == list(range(40)))
    print(subprocess.check_output(["echo", "hi"]), subprocess.run("exit 3", shell=True).returncode)
    print(subprocess.run(["cat"], input=b"x" * 100000, capture_output=True).stdout.count(b"x"))
    print(subprocess.run(["sort", "-r"], input=b"1\n2\n", capture_output=True, close_fds=True, start_new_session=True, cwd="/", env={}).stdout)
    print(subprocess.run(["kill", "-9", "0"], start_new_session=True).returncode)
    with concurrent.futures.ThreadPoolExecutor(8) as ex:
        print(sorted(ex.map(lambda i: subprocess.run(["sh", "-c", "exit %d" % i]).returncode, range(8))))
    got = []
    for s in (signal.SIGUSR1, signal.SIGILL, signal.SIGALRM):
        signal.signal(s, lambda n, f: got.append(signal.Signals(n).name))
    os.kill(os.getpid(), signal.SIGUSR1); os.kill(os.getpid(), signal.SIGILL)
    signal.setitimer(signal.ITIMER_REAL, 0.02); time.sleep(0.05)
    print(got, signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGILL, signal.SIGUSR2]), sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
    os.kill(os.getpid(), signal.SIGUSR2); print(signal.sigwait([signal.SIGUSR2]), signal.sigpending())
    a, b = socket.socketpair(); a.sendmsg([b"m"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [1]))])
    m, anc, flags, addr = b.recvmsg(10, 100); print(m, len(anc))
    p = os.fork()
    if p == 0: os._exit(9)
    print(os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]))
    for how in ("fork", "spawn"):
        with multiprocessing.get_context(how).Pool(2) as pool: print(pool.map(abs, [-1, -2, 3]))
    m = mmap.mmap(-1, 8192); m.write(b"abc"); m.resize(16384); print(m[:3])
    async def aio():
        p = await asyncio.create_subprocess_exec("echo", "aio", stdout=asyncio.subprocess.PIPE)
        print(await asyncio.wait_for(p.communicate(), 100))
    asyncio.run(aio())
    print(os.posix_spawn("/bin/sh", ["sh", "-c", "exit 0"], {}) > 0, os.wait()[1])
    print(select.select([0], [], [], 0.1)[0])
    sys.exit(6)
if __name__ == "__main__": main()
EOF
`

func TestPython(t *testing.T) {
	// The interpreter of Debian; then whatever "python3" is on this machine.
	program{name: "python3", needs: []string{"/usr/bin/python3"}, script: pythonScript + `/usr/bin/python3 t.py; echo $?`, exes: []string{"python3", "sort"}}.runAs(t)
	program{name: "faulthandler", needs: []string{"/usr/bin/python3"}, script: `ulimit -c 0; /usr/bin/python3 -X faulthandler -c 'import ctypes; ctypes.string_at(0)'; echo $?; /usr/bin/python3 -X faulthandler -c 'import faulthandler; faulthandler._sigabrt()'; echo $?; /usr/bin/python3 -c 'import os, signal; os.kill(os.getpid(), signal.SIGILL)'; echo $?`, exes: []string{"bash"}, norm: hexNumbers}.runAs(t)
}

func (p program) runAs(t *testing.T) { t.Run(p.name, p.run) }

var hex = regexp.MustCompile(`0x[0-9a-f]+|line [0-9]+: *[0-9]+ `)

// hexNumbers takes addresses, which are random, and process ids out of a text.
func hexNumbers(s string) string { return hex.ReplaceAllString(s, "0x") }

func TestNode(t *testing.T) {
	program{name: "node", needs: []string{"node"}, script: `cat > t.js <<'EOF'
const fs = require("fs"), cp = require("child_process"), zlib = require("zlib"), { Worker, isMainThread, parentPort } = require("worker_threads");
if (!isMainThread) { parentPort.postMessage("worker"); } else {
  fs.writeFileSync("a", "x".repeat(100000));
  console.log(cp.execSync("echo hi").toString(), cp.spawnSync("sh", ["-c", "exit 3"]).status);
  console.log(zlib.gunzipSync(zlib.gzipSync(fs.readFileSync("a"))).length);
  let f = (n) => n < 2 ? n : f(n - 1) + f(n - 2); console.log(f(22));
  process.on("SIGUSR2", () => { console.log("usr2"); next(); }); process.kill(process.pid, "SIGUSR2");
  const next = () => { const w = new Worker(__filename); w.on("message", (m) => { console.log(m); w.on("exit", () => serve()); }); };
  const serve = () => { const s = require("http").createServer((q, r) => r.end("ok " + q.url)).listen(0, "127.0.0.1", () =>
    require("http").get({ port: s.address().port, path: "/p", agent: false }, (r) => r.on("data", (d) => console.log(d.toString())).on("end", () => s.close(() => { process.exitCode = 4; })))); };
}
EOF
node t.js; echo $?`, exes: []string{"node", "sh"}}.runAs(t)
}

func TestJava(t *testing.T) {
	const env = "export JAVA_TOOL_OPTIONS=; unset JAVA_TOOL_OPTIONS\n"
	program{name: "java", needs: []string{"java", "javac"}, script: env + `cat > H.java <<'EOF'
import java.nio.file.*; import java.util.*; import java.util.concurrent.*;
public class H {
  static class Node { Node next; } static Node none;
  public static void main(String[] a) throws Exception {
    try { System.out.println(none.next); } catch (NullPointerException e) { System.out.println("npe"); }
    ExecutorService ex = Executors.newFixedThreadPool(8); List<Future<Integer>> l = new ArrayList<>();
    for (int i = 0; i < 50; i++) { int k = i; l.add(ex.submit(() -> { int s = 0; for (int j = 0; j < 100000; j++) s += j ^ k; return s; })); }
    long sum = 0; for (Future<Integer> f : l) sum += f.get(); ex.shutdown(); System.out.println(sum);
    for (int i = 0; i < 3; i++) { byte[][] g = new byte[200][]; for (int j = 0; j < 200; j++) g[j] = new byte[100000]; System.gc(); }
    Process p = new ProcessBuilder("sh", "-c", "echo child; exit 3").redirectErrorStream(true).start();
    System.out.print(new String(p.getInputStream().readAllBytes())); System.out.println(p.waitFor());
    Files.writeString(Path.of("out"), "text"); System.out.println(Files.readString(Path.of("out")));
    try { deep(0); } catch (StackOverflowError e) { System.out.println("soe"); }
    System.exit(5);
  }
  static int deep(int n) { return deep(n + 1) + 1; }
}
EOF
java -Xmx256m H.java; echo $?`, exes: []string{"java"}}.runAs(t)
}

// TestChromium dumps a page that scripts and WebAssembly have changed. Chromium
// allocates a protection key, has next to no unwind data, and runs processes of
// many kinds. Debian's wrapper, uname, grep and others run before it.
func TestChromium(t *testing.T) {
	program{name: "chromium", needs: []string{"chromium"}, script: `cat > p.html <<'EOF'
<html><body><p id=x>a</p><script>
let s = 0; for (let i = 0; i < 3e6; i++) s = (s * 31 + i) | 0;
const m = new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,7,5,1,1,102,0,0,10,6,1,4,0,65,42,11]));
document.getElementById("x").textContent = s + " " + new WebAssembly.Instance(m).exports.f();
</script></body></html>
EOF
timeout 230 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$PWD/profile" --dump-dom "file://$PWD/p.html" 2>/dev/null; echo $?
rm -rf profile .config .cache .local .pki`, exes: []string{"chromium"}}.runAs(t)
}
