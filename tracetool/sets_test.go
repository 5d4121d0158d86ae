package tracetool
import ("testing";"os";"strings")
func TestSetsTmp(t *testing.T) {
	for _, c := range strings.Fields("desc file process network signal ipc memory stat lstat fstat %stat statfs fstatfs %statfs clock creds pure") {
		b, _ := os.ReadFile("/tmp/st/set_" + strings.ReplaceAll(c, "%", "PP"))
		want := map[string]bool{}
		for _, w := range strings.Fields(string(b)) { want[w] = true }
		s := setOf([]byte(c))
		for i := range calls {
			r := &calls[i]
			if strings.Contains(" clone clone3 fork vfork exit exit_group execve pause rt_sigreturn vhangup dup close acct ", " "+r.name+" ") { continue }
			if (r.sets&s != 0) != want[r.name] { t.Errorf("%s: %s table %v strace %v", c, r.name, r.sets&s != 0, want[r.name]) }
		}
	}
}
