// Package notmain is no command.
package notmain
