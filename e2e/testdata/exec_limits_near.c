//e2e:prog small lib/jailed.c
//e2e:args $BIN/small 17 20 32 64 80 128 300
//e2e:own silent: .*its arguments leave no room for the library's name, runs untraced
//e2e:silent-only
//e2e:exes small
// Limits of memory in which the library finds room.
#include "exec_limits.c"
