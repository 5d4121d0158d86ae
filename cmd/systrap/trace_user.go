package main

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// identity is who the command runs as.
type identity struct {
	uid, gid int
	groups   []int
	name     string
	other    bool // not the caller
}

// lookUpIdentity returns the identity of a user, or the caller's for "".
func lookUpIdentity(name string) (*identity, error) {
	if name == "" {
		return &identity{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("Cannot find user '%s'", name)
	}
	id := &identity{name: name, other: true}
	if id.uid, err = strconv.Atoi(u.Uid); err != nil {
		return nil, fmt.Errorf("user '%s' has no numeric id", name)
	}
	if id.gid, err = strconv.Atoi(u.Gid); err != nil {
		return nil, fmt.Errorf("user '%s' has no numeric group", name)
	}
	groups, _ := u.GroupIds()
	for _, g := range groups {
		if n, err := strconv.Atoi(g); err == nil {
			id.groups = append(id.groups, n)
		}
	}
	return id, nil
}

// assume becomes the user, for good.
func (id *identity) assume() error {
	if !id.other {
		return nil
	}
	err := syscall.Setgroups(id.groups)
	if err == nil {
		err = syscall.Setgid(id.gid)
	}
	if err == nil {
		err = syscall.Setuid(id.uid)
	}
	if err != nil {
		return fmt.Errorf("-u: cannot become '%s': %v", id.name, err)
	}
	return nil
}

// raisedBy says what about the program in f would make the kernel set AT_SECURE
// for id, so that ld.so ignores LD_PRELOAD (ld.so(8), "Secure-execution mode").
func (id *identity) raisedBy(f *os.File) string {
	var st unix.Stat_t
	if unix.Fstat(int(f.Fd()), &st) != nil {
		return ""
	}
	var fs unix.Statfs_t
	if unix.Fstatfs(int(f.Fd()), &fs) == nil && fs.Flags&unix.ST_NOSUID != 0 {
		return ""
	}
	const setgidExec = unix.S_ISGID | unix.S_IXGRP // without x: mandatory locking
	switch {
	case st.Mode&unix.S_ISUID != 0 && int(st.Uid) != id.uid:
		return "set-user-ID"
	case st.Mode&setgidExec == setgidExec && int(st.Gid) != id.gid:
		return "set-group-ID"
	case id.uid != 0:
		if n, err := unix.Fgetxattr(int(f.Fd()), "security.capability", nil); err == nil && n > 0 {
			return "has file capabilities"
		}
	}
	return ""
}
