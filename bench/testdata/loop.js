// Code that V8 compiles: numbers, objects and a typed array, for about a second.
class Point { constructor(x, y) { this.x = x; this.y = y; } plus(o) { return new Point(this.x + o.x, this.y - o.y); } }
let sum = 0;
for (let round = 0; round < 200; round++) {
	let p = new Point(0, 0);
	for (let i = 0; i < 400000; i++) p = p.plus(new Point(i, round));
	const sieve = new Uint8Array(300000);
	for (let i = 2; i < sieve.length; i++) if (!sieve[i]) for (let j = 2 * i; j < sieve.length; j += i) sieve[j] = 1;
	sum = (sum + p.x + p.y + sieve.indexOf(0, 299900)) % 1000003;
}
console.log(sum);
