;; Loops, threads, errors.
(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (display (fib 27)) (newline)
(let loop ((i 0) (s 0)) (if (< i 3000000) (loop (+ i 1) (modulo (+ (* s 31) i) 65521)) (begin (display s) (newline))))
(use-modules (ice-9 threads)) (display (par-map (lambda (k) (let loop ((i 0) (s k)) (if (< i 300000) (loop (+ i 1) (modulo (+ (* s 31) i) 65521)) s))) '(1 2 3 4))) (newline)
(display (catch #t (lambda () (car 1)) (lambda (k . r) k))) (newline) (gc) (exit 5)
