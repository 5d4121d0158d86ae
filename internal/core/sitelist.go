package core

// What a tool that wants to know is told of the sites there are.

// TrapName is the trap that sites have, as SYSTRAP_TRAP has it.
func TrapName() string { return trapNames[siteTrap%numTraps] }

// NextSite returns a site in [lo, hi), and where to go on for the next: 0, at first, is where to begin. pc is 0 if there is none more.
// The order is that of the table, which is by address but for where it begins. Sites that come or go meanwhile may be missing.
func NextSite(i, lo, hi uint64) (pc, next uint64) {
	pc, at := currentSites().nextSite(i, lo, hi)
	return pc, at + 1
}

// JumpBefore returns how many bytes before the site pc a jump stands, or 0 if there is none.
func JumpBefore(pc uint64) int {
	s := liveSlot(pc)
	if s < 0 {
		return 0
	}
	return int(slotBefore[s])
}
