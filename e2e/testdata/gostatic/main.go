// A Go program for CGO_ENABLED=0, which no ld.so loads: its runtime makes all calls, on goroutine stacks and on those
// of its threads, and takes each signal.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1])
		return
	}
	files()
	sockets()
	preempted()
	notified()
	faults()
	children()
	threads()
	// The last image of this process is another one of the same file.
	err := syscall.Exec("/proc/self/exe", []string{os.Args[0], "last"}, append(os.Environ(), "LAST=1"))
	fmt.Println("exec:", err)
}

// child is what the program does when it is its own child.
func child(what string) {
	switch what {
	case "echo":
		n, err := io.Copy(os.Stdout, os.Stdin)
		fmt.Fprintln(os.Stderr, n, err)
		os.Exit(7)
	case "panic":
		var m map[string]int
		m["a"] = 1
	case "kill":
		syscall.Kill(os.Getpid(), syscall.SIGTERM)
		select {}
	case "wait":
		time.Sleep(time.Hour)
	case "last":
		fmt.Println("the last image:", os.Getenv("LAST"), len(os.Args))
		os.Exit(0)
	}
}

func files() {
	for i := range 20 {
		os.MkdirAll(filepath.Join("d", fmt.Sprint(i%3)), 0o755)
		os.WriteFile(filepath.Join("d", fmt.Sprint(i%3), fmt.Sprint(i)), bytes.Repeat([]byte{'x'}, i*1000), 0o644)
	}
	sum := int64(0)
	filepath.WalkDir("d", func(path string, e os.DirEntry, err error) error {
		if info, ierr := e.Info(); err == nil && ierr == nil && !e.IsDir() {
			sum += info.Size()
		}
		return err
	})
	_, err := os.Open("none")
	fmt.Println("files:", sum, errors.Is(err, os.ErrNotExist), os.RemoveAll("d"))
}

// sockets has clients at a server, by the runtime's epoll.
func sockets() {
	l, err := net.Listen("unix", "s")
	if err != nil {
		fmt.Println(err)
		return
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { io.Copy(c, c); c.Close() }()
		}
	}()
	var right atomic.Int32
	var wait sync.WaitGroup
	for i := range 16 {
		wait.Go(func() {
			c, err := net.Dial("unix", "s")
			if err != nil {
				return
			}
			defer c.Close()
			out, in := bytes.Repeat([]byte{byte(i)}, 10000), make([]byte, 10000)
			for range 10 {
				c.Write(out)
				if _, err := io.ReadFull(c, in); err == nil && bytes.Equal(in, out) {
					right.Add(1)
				}
			}
		})
	}
	wait.Wait()
	c, _ := net.Dial("unix", "s")
	c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	_, err = c.Read(make([]byte, 1))
	fmt.Println("sockets:", right.Load(), errors.Is(err, os.ErrDeadlineExceeded), l.Close())
}

// preempted has goroutines that make no calls: only SIGURG gets the collector past them.
func preempted() {
	var stop, spinning atomic.Bool
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			spinning.Store(true)
			for n := 0; !stop.Load(); n++ {
				for i := range 1000 {
					n ^= i
				}
			}
		})
	}
	for !spinning.Load() {
		runtime.Gosched()
	}
	for range 20 {
		runtime.GC()
	}
	stop.Store(true)
	wait.Wait()
	fmt.Println("preempted")
}

func notified() {
	c := make(chan os.Signal, 100)
	signal.Notify(c, syscall.SIGUSR1, syscall.SIGILL, syscall.SIGSYS, syscall.SIGCHLD)
	count := map[os.Signal]int{}
	for range 10 {
		for _, s := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGILL, syscall.SIGSYS} {
			syscall.Kill(os.Getpid(), s)
			count[<-c]++
		}
	}
	signal.Ignore(syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	signal.Stop(c)
	fmt.Println("notified:", count[syscall.SIGUSR1], count[syscall.SIGILL], count[syscall.SIGSYS])
}

//go:noinline
func fault(p *int) (err any) {
	defer func() { err = recover() }()
	return *p
}

func faults() {
	for range 50 {
		if fmt.Sprint(fault(nil)) != "runtime error: invalid memory address or nil pointer dereference" {
			fmt.Println("no panic")
		}
	}
	fmt.Println("faults")
}

func children() {
	cmd := exec.Command(os.Args[0], "echo")
	cmd.Stdin = bytes.NewReader(bytes.Repeat([]byte("abc\n"), 50000))
	cmd.Env = []string{}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	fmt.Println("echo:", cmd.Run(), out.Len(), errs.String())
	errs.Reset()
	cmd = exec.Command(os.Args[0], "panic")
	cmd.Stderr = &errs
	fmt.Println("panic:", cmd.Run(), bytes.Contains(errs.Bytes(), []byte("assignment to entry in nil map")))
	fmt.Println("kill:", exec.Command(os.Args[0], "kill").Run())
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	fmt.Println("wait:", exec.CommandContext(ctx, os.Args[0], "wait").Run())
	fmt.Println("none:", errors.Is(exec.Command("./none").Run(), os.ErrNotExist))
}

// threads has goroutines end their threads with them.
func threads() {
	var wait sync.WaitGroup
	var ids sync.Map
	for range 30 {
		wait.Go(func() {
			runtime.LockOSThread()
			ids.Store(syscall.Gettid(), true)
			time.Sleep(time.Millisecond)
		})
	}
	wait.Wait()
	n := 0
	ids.Range(func(any, any) bool { n++; return true })
	fmt.Println("threads:", n > 1)
}
