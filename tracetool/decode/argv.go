package decode

import (
	"libsystrap/systrap"
	"libsystrap/tracetool/text"
)

// argv prints the arguments of execve(2).
func argv(p *text.Printer, addr uint64) {
	if addr == 0 {
		p.Str("NULL")
		return
	}
	list := systrap.Words{At: addr}
	for i := uint64(0); ; i++ {
		a, ok := list.Next()
		if !ok {
			if i == 0 {
				p.Hex(addr)
				return
			}
			p.Str(", ... /* ")
			p.Hex(addr + 8*i)
			p.Str(" */]")
			return
		}
		if i == 0 {
			p.Byte('[')
		}
		if a == 0 {
			break
		}
		if i > 0 {
			p.Comma()
		}
		if i >= text.Opt.StrLen && !p.Full() {
			p.Str("...")
			break
		}
		p.StrAt(a)
	}
	p.Byte(']')
}

// envp prints the address of the environment and how many variables it has,
// or with -v the variables.
func envp(p *text.Printer, addr uint64) {
	if addr == 0 || p.Full() {
		argv(p, addr)
		return
	}
	if p.EnvAt != 0 {
		p.Hex(p.EnvAt)
	} else {
		p.Hex(addr)
	}
	n := uint64(0)
	list := systrap.Words{At: addr}
	for {
		a, ok := list.Next()
		if !ok {
			if n == 0 {
				return
			}
			p.Str(" /* ")
			p.Uint(n)
			p.Str(" vars, unterminated */")
			return
		}
		if a == 0 {
			break
		}
		n++
	}
	p.Str(" /* ")
	p.Uint(n)
	if n == 1 {
		p.Str(" var */")
		return
	}
	p.Str(" vars */")
}
