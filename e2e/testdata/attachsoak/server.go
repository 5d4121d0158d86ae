// An HTTP server that collects garbage all the time, with goroutines that the runtime has to preempt by signals.
package main

import (
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"
)

var kept [64][]byte

func main() {
	go func() {
		for {
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
	}()
	for range 2 {
		go func() {
			for n := 0; ; n++ {
				if n&0x3fffff == 0 {
					time.Sleep(5 * time.Millisecond)
				}
			}
		}()
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		var n int
		fmt.Sscan(strings.TrimPrefix(r.URL.Path, "/"), &n)
		kept[n%len(kept)] = make([]byte, 1+n%70000)
		fmt.Fprintf(w, "%d %d\n", n, 3*n+1)
	})
	fmt.Fprintln(os.Stderr, http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
	os.Exit(1)
}
