package freestanding

import (
	"fmt"
	"os"
	"testing"
)

func TestDbg(t *testing.T) {
	im, err := readImage(os.Getenv("SO"))
	if err != nil {
		t.Fatal(err)
	}
	meta, _ := readMetadata(im)
	lines, _ := im.readLines()
	w := walk(im, meta, lines, true)
	seen := map[uint64]bool{}
	for _, f := range w.order {
		for _, i := range f.insts {
			if i.ref != 0 && !w.isText(i.ref) {
				p := w.data.at(i.ref)
				if p.name == "" && len(w.data.slots(p)) > 100 && !seen[i.ref] {
					seen[i.ref] = true
					fmt.Printf("%s %s ref %#x piece %#x-%#x slots %d\n", f.name, lines.pos(i.addr), i.ref, p.start, p.end, len(w.data.slots(p)))
				}
			}
		}
	}
	for _, slot := range im.slots {
		p, q := w.data.at(slot), w.data.at(im.relocs[slot])
		if w.pieces[p.start] && q.start != p.start && len(w.data.slots(q)) > 100 {
			fmt.Printf("slot %#x in %s %#x -> %#x\n", slot, p.name, p.start, im.relocs[slot])
		}
	}
	for _, s := range im.objects {
		if s.size == 0 {
			fmt.Printf("%#x %s\n", s.addr, s.name)
		}
	}
}
