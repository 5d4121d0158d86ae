// Code that C2 compiles: numbers, objects and an array, for about a second.
class Loop {
	record Point(long x, long y) { Point plus(Point o) { return new Point(x + o.x, y - o.y); } }
	public static void main(String[] args) {
		long sum = 0;
		for (int round = 0; round < 500; round++) {
			Point p = new Point(0, 0);
			for (int i = 0; i < 400000; i++) p = p.plus(new Point(i, round));
			byte[] sieve = new byte[300000];
			for (int i = 2; i < sieve.length; i++) if (sieve[i] == 0) for (int j = 2 * i; j < sieve.length; j += i) sieve[j] = 1;
			sum = (sum + p.x + p.y + sieve[299900]) % 1000003;
		}
		System.out.println(sum);
	}
}
