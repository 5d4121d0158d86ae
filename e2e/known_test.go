package e2e

// knownDifference says why a test's trapped run differs from its native one.
type knownDifference struct {
	reason string
	// sometimes is set when only some runs differ.
	sometimes bool
}

// knownDifferences lists, by test name, what is not transparent yet, or cannot
// be. A test that stops to differ fails until its entry is gone: the list only
// shrinks.
var knownDifferences = map[string]knownDifference{}
