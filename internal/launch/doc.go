// Package launch starts a program with a library of ours in it from its first instruction (ordinary Go).
package launch
