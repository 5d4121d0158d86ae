package freestanding

var tamperings []struct{ want Reason }
