package instr
import ("testing";"os";"debug/elf";"fmt";"bytes")
func TestQuick(t *testing.T){
	for _, path := range []string{"/lib/x86_64-linux-gnu/libc.so.6","/usr/bin/git","/usr/local/go/bin/go","/usr/bin/node"} {
		data,err := os.ReadFile(path); if err!=nil {t.Log(err); continue}
		var im Image
		if !im.FromFile(data) { t.Fatal(path)}
		ef,_ := elf.NewFile(bytes.NewReader(data))
		_ = ef
		truth := map[uint64]bool{}
		diff := map[string]int{}
		lines:=0
		objdump(t, func(l line){
			lines++
			b := im.at(l.addr, 64)
			if bytes.HasPrefix(l.text, []byte("syscall")) || bytes.HasPrefix(l.text,[]byte("sysenter"))|| bytes.HasPrefix(l.text, []byte("int    $0x80")) { truth[l.addr+uint64(l.len)-2]=true }
			var in Inst
			st := Decode(b,&in)
			bad := bytes.Contains(l.text,[]byte("(bad)"))
			if Length(b)!=int(in.Len) && st==OK { t.Errorf("length %x", b[:15])}
			if bad && st!=OK || st==OK && int(in.Len)==l.len && !bad {return}
			k := string(l.text); if i:=bytes.IndexByte(l.text,' ');i>0 {k=k[:i]}
			diff[k]++
			if diff[k]<=2 && len(diff)<60 { n:=16; if len(b)<n {n=len(b)}; fmt.Printf("%x: % x objdump %d %s; ours %v %d\n", l.addr, b[:n], l.len, l.text, st, in.Len)}
		}, "-d","-M","intel64",path)
		var st Stats
		for i:=0;;i++ {
			va,text,ok := im.Text(i); if !ok {break}
			var f Finder
			f.Init(&im,text,va)
			var c Candidate
			for f.Next(&c) {
				if c.Site != truth[c.VAddr] || c.Reason>InOpcode || c.Source==SourceConservative { fmt.Printf("%x %v %v objdump %v %v fn %x-%x % x\n", c.VAddr,c.Site,c.Reason,truth[c.VAddr],c.Source,c.FuncStart,c.FuncEnd, im.at(c.VAddr-8,16))}
			}
			st.Add(&f.Stats)
		}
		fmt.Println(path, lines, st, diff)
	}
}
