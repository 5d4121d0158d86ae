// Null and zero checks by signal, callbacks from C, emitted delegates.
using System; using System.Threading; using System.Collections.Generic; using System.Runtime.InteropServices; using System.Linq;
class N { public int v; public N next; }
class M {
  [DllImport("libc")] static extern int getppid();
  delegate int Cmp(IntPtr a, IntPtr b);
  [DllImport("libc")] static extern void qsort(int[] a, IntPtr n, IntPtr s, Cmp c);
  static int Len(N n) { return n.next.v; }
  static int Main() {
    long s = 0; for (int i = 0; i < 20000000; i++) s = (s * 31 + i) % 65521; Console.WriteLine(s);
    int nre = 0, dz = 0; for (int i = 0; i < 3000; i++) { try { Len(i % 2 == 0 ? null : new N()); } catch (NullReferenceException) { nre++; } try { s += 1 / (i % 3); } catch (DivideByZeroException) { dz++; } } Console.WriteLine(nre + " " + dz);
    var ts = new List<Thread>(); int done = 0; for (int k = 0; k < 4; k++) { var t = new Thread(() => { for (int i = 0; i < 200; i++) { var b = new byte[10000]; b[5] = 1; } Interlocked.Increment(ref done); }); t.Start(); ts.Add(t); } ts.ForEach(t => t.Join()); Console.WriteLine(done);
    for (int i = 0; i < 5; i++) GC.Collect();
    int[] a = Enumerable.Range(0, 1000).Select(i => i * 7919 % 1000).ToArray(); qsort(a, (IntPtr)1000, (IntPtr)4, (p, q) => Marshal.ReadInt32(p) - Marshal.ReadInt32(q)); Console.WriteLine(a[0] + " " + a[500]);
    Console.WriteLine(Enumerable.Range(0, 500).All(i => getppid() == getppid()));
    System.Linq.Expressions.Expression<Func<int, int>> e = x => x * 3 + 1; Console.WriteLine(e.Compile()(5));
    var pr = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh", "-c 'exit 3'") { UseShellExecute = false }); pr.WaitForExit(); Console.WriteLine(pr.ExitCode);
    return 7; } }
