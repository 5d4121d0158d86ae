package tracetool

// hasPrefix says whether s begins with p.
func hasPrefix(s, p string) bool { return len(s) >= len(p) && s[:len(p)] == p }
