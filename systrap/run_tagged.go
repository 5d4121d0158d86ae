//go:build systrap

package systrap

// onlyAsProgram is for what was not built by systrap build (run_byhand.go).
func onlyAsProgram() {}
