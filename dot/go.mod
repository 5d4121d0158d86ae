module dot

go 1.26.0

require (
	golang.org/x/sys v0.49.0
	libsystrap v0.0.0
)

// Where systrap has unpacked the library's sources; `systrap new -update .` writes these lines anew.
replace (
	golang.org/x/sys => /root/.cache/systrap/04663ca3b7f9a9d7/golang.org/x/sys
	libsystrap => /root/.cache/systrap/04663ca3b7f9a9d7/libsystrap
)
