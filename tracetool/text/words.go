package text

// HasPrefix says whether s begins with p.
func HasPrefix(s, p string) bool { return len(s) >= len(p) && s[:len(p)] == p }
