package main

import (
	"testing"

	"libsystrap/systrap"
)

func TestTally(t *testing.T) {
	for _, result := range []int64{0, -2, 3} {
		c := systrap.Call{Result: result}
		if enter(&c) != systrap.Pass {
			t.Error("not passed")
		}
		exit(&c)
	}
	if made.Value() != 3 || failed.Value() != 1 {
		t.Errorf("%d made, %d failed", made.Value(), failed.Value())
	}
}
