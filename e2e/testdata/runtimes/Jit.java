// Speculation that fails, implicit null and zero checks, safepoint polls, stack banging.
import java.util.*; import java.util.function.*; import java.util.concurrent.*; import java.lang.invoke.*;
public class Jit {
  interface Shape { double area(); }
  record Circle(double r) implements Shape { public double area() { return Math.PI * r * r; } }
  record Square(double s) implements Shape { public double area() { return s * s; } }
  record Odd(int k) implements Shape { public double area() { if (k % 1000 == 999) throw new IllegalStateException("odd"); return k; } }
  static class Box { int v; Box next; }
  static int length(Box b) { return b.next.v; }           // an implicit null check
  static int divide(int a, int b) { return a / b; }       // an implicit zero check
  static int at(int[] a, int i) { return a[i]; }
  static volatile boolean stop; static long spins;
  public static void main(String[] x) throws Throwable {
    Shape[] s = new Shape[3000]; double sum = 0;
    for (int round = 0; round < 40; round++) {            // monomorphic, then bimorphic, then megamorphic: deoptimised
      for (int i = 0; i < s.length; i++) s[i] = round < 15 ? new Circle(i) : round < 30 ? (i % 2 == 0 ? new Circle(i) : new Square(i)) : i % 3 == 0 ? new Circle(i) : i % 3 == 1 ? new Square(i) : new Odd(i);
      for (Shape p : s) try { sum += p.area(); } catch (IllegalStateException e) { sum += 1; }
    }
    System.out.printf("%.6e%n", sum);
    int npe = 0, ae = 0, oob = 0, ok = 0; Box b = new Box(); b.next = new Box(); int[] a = new int[10];
    for (int i = 0; i < 200000; i++) {
      try { ok += length(i % 50 == 0 ? null : i % 77 == 0 ? new Box() : b); } catch (NullPointerException e) { npe++; }
      try { ok += divide(i, i % 1000); } catch (ArithmeticException e) { ae++; }
      try { ok += at(a, i % 1009 == 0 ? -1 : i % 10); } catch (ArrayIndexOutOfBoundsException e) { oob++; }
    }
    System.out.println(ok + " " + npe + " " + ae + " " + oob);
    Thread t = new Thread(() -> { long n = 0; while (!stop) n++; spins = n; }); t.start();   // safepoint polls in compiled code
    for (int i = 0; i < 20; i++) { System.gc(); Thread.getAllStackTraces().size(); }
    stop = true; t.join(); System.out.println(spins > 0);
    int deep = 0; for (int i = 0; i < 5; i++) try { recurse(0); } catch (StackOverflowError e) { deep++; } System.out.println(deep);
    MethodHandle h = MethodHandles.lookup().findStatic(Math.class, "max", MethodType.methodType(int.class, int.class, int.class)); int m = 0;
    for (int i = 0; i < 100000; i++) m = (int) h.invokeExact(m, i); System.out.println(m);
    Function<Integer, Function<Integer, Integer>> f = p -> q -> p * 31 + q; int v = 0; for (int i = 0; i < 200000; i++) v = f.apply(v).apply(i); System.out.println(v);
    long[] g = new long[1 << 16]; for (int r = 0; r < 200; r++) for (int i = 0; i < g.length; i++) g[i] = g[i] * 3 + i; System.out.println(Arrays.hashCode(g)); // vectorised
    System.out.println(java.util.stream.IntStream.range(0, 200000).parallel().mapToLong(i -> (long) i * i % 7).sum());
    StringBuilder sb = new StringBuilder(); for (int i = 0; i < 50000; i++) sb.append(i).append(','); System.out.println(sb.toString().hashCode() + " " + sb.toString().split(",").length);
    ExecutorService ex = Executors.newFixedThreadPool(4); List<Future<Long>> l = new ArrayList<>();
    for (int k = 0; k < 8; k++) { int kk = k; l.add(ex.submit(() -> { long z = kk; synchronized (Jit.class) { z++; } for (int i = 0; i < 1000000; i++) z = z * 6364136223846793005L + 1442695040888963407L; return z; })); }
    long z = 0; for (Future<Long> q : l) z ^= q.get(); ex.shutdown(); System.out.println(z);
    System.exit(7);
  }
  static int recurse(int n) { return recurse(n + 1) + 1; }
}
