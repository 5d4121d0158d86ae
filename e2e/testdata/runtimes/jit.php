<?php // Traces, objects, exceptions, PCRE.
function fib($n) { return $n < 2 ? $n : fib($n-1) + fib($n-2); } echo fib(25), "\n";
$s = 0; for ($i = 0; $i < 3000000; $i++) { $s = ($s * 31 + $i) % 65521; } echo $s, "\n";
class P { public $x = 0.0; function add(P $o) { $r = new P; $r->x = $this->x + $o->x; return $r; } } $p = new P; $q = new P; $q->x = 0.5; for ($i = 0; $i < 200000; $i++) $p = $p->add($q); echo $p->x, "\n";
$e = 0; for ($i = 0; $i < 20000; $i++) { try { intdiv(1, $i % 3); } catch (DivisionByZeroError $x) { $e++; } } echo $e, "\n";
echo preg_match_all('/(\d)\1/', implode(",", range(1, 20000))), "\n"; var_dump(opcache_get_status(false)['jit']['on'] ?? null); exit(4);
