package tracelog

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"1 getppid() = 2\n1 read(3, \"a)b\\\"\", 4) = 4\n1 +++ exited with 0 +++\n", ""},
		{"[pid 7] openat(AT_FDCWD, \"x\", O_RDONLY) = -1 ENOENT (No such file or directory)\n", ""},
		{"1 read(3,  <unfinished ...>\n2 getppid() = 1\n1 <... read resumed>\"\", 8) = 0\n", ""},
		{"1 vfork( <unfinished ...>\n2 --- SIGUSR1 {si_signo=SIGUSR1} ---\n1 <... vfork resumed>) = 2\n", ""},
		{"1 execve(\"/bin/sh\", [\"sh\"], 0x7ff /* 3 vars */) = 0\n1 exit_group(0) = ?\n", ""},
		{"1 getppid() = 2", "no end"},
		{"1 getppid() =\n", "no result"},
		{"1 getppid(\n", "do not match"},
		{"1 getppid() 2 getppid() = 3\n", "no result"},
		{"1 read(3, 2 getppid() = 3\n", "do not match"},
		{"() = 3\n", "not a call"},
		{"1 <... read resumed>) = 0\n", "not unfinished"},
		{"1 read(3,  <unfinished ...>\n1 <... write resumed>) = 0\n", "not unfinished"},
		{"1 read(3,  <unfinished ...>\n1 getppid() = 0\n", "within"},
		{"1 read(3, 4) <unfinished ...>\n", "has an end"},
		{"1 --- SIGUSR1 {si_sig1 getppid() = 3\n", "not a call"},
		{"\n", "not a call"},
	} {
		_, err := Read(strings.NewReader(c.text))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
}

func TestMarks(t *testing.T) {
	l, err := Read(strings.NewReader("5 getpriority(0x5eed /* PRIO_??? */, 0) = -1 EINVAL (Invalid argument)\n" +
		"5 getpriority(0x5eed /* PRIO_??? */, 1 <unfinished ...>\n6 getpriority(0x5eed /* PRIO_??? */, 0) = -1 EINVAL (Invalid argument)\n" +
		"5 <... getpriority resumed>) = -1 EINVAL (Invalid argument)\n5 read(0,  <unfinished ...>\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Marks[5]) != 2 || l.Marks[5][1] != 1 || len(l.Marks[6]) != 1 || l.Unfinished != 2 || l.Open[5] != "read" || l.Lines != 5 {
		t.Errorf("%+v", l)
	}
}

func TestCheckMarks(t *testing.T) {
	l := &Log{Marks: map[int][]int{3: {0, 2, 1}, 4: nil}}
	for _, c := range []struct {
		counts map[int][]int
		ok     bool
	}{
		{map[int][]int{3: {3}, 4: {0}}, true},
		{map[int][]int{3: {2}, 4: {0}}, false},
		{map[int][]int{3: {4}, 4: {0}}, false},
		{map[int][]int{3: {3}, 4: {0}, 5: {1}}, false},
		{map[int][]int{4: {0}}, false},
	} {
		if err := l.CheckMarks(c.counts); (err == nil) != c.ok {
			t.Errorf("%v: %v", c.counts, err)
		}
	}
	l.Marks[3] = []int{0, 1, 0}
	if l.CheckMarks(map[int][]int{3: {3}, 4: {0}}) == nil {
		t.Error("a call that is there twice passes")
	}
	if err := l.CheckMarks(map[int][]int{3: {1, 2}, 4: {0}}); err != nil {
		t.Errorf("two threads with one id: %v", err)
	}
}
