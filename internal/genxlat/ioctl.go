package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// runC compiles and runs a C program and returns its lines.
func runC(src string) ([]string, error) {
	tmp, err := os.MkdirTemp("", "genxlat")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	exe := filepath.Join(tmp, "a.out")
	if _, msg, err := cc(src, "-o", exe); err != nil {
		return nil, fmt.Errorf("%s", msg)
	}
	out, err := exec.Command(exe).Output()
	return strings.Split(string(out), "\n"), err
}

var (
	// A command made by _IO and its kin, by way of at most one macro of the header's own.
	iocRe = regexp.MustCompile(`\b_S?IO[A-Z]*\s*\(|^\s*\(?[A-Z0-9_]*_IO[WRC]*[A-Z]*\s*\(`)
	// Old commands are plain numbers; their headers and prefixes are named here.
	plain = map[string]*regexp.Regexp{
		"asm-generic/ioctls.h":  regexp.MustCompile(`^(T[A-Z0-9]+|FIO[A-Z]+)$`),
		"linux/sockios.h":       regexp.MustCompile(`^SIOC[A-Z0-9_]+$`),
		"asm-generic/sockios.h": regexp.MustCompile(`^(SIOC|FIO)[A-Z0-9_]+$`),
		"linux/kd.h":            regexp.MustCompile(`^(KD|GIO_|PIO_|KIOC)[A-Z0-9_]+$`),
		"linux/fb.h":            regexp.MustCompile(`^FBIO[A-Z0-9_]+$`),
		"linux/wireless.h":      regexp.MustCompile(`^SIOC[A-Z0-9]+$`),
		"linux/vt.h":            regexp.MustCompile(`^VT_[A-Z0-9_]+$`),
		"linux/fd.h":            regexp.MustCompile(`^FD[A-Z0-9_]+$`),
		"linux/hdreg.h":         regexp.MustCompile(`^HDIO_[A-Z0-9_]+$`),
		"linux/cdrom.h":         regexp.MustCompile(`^(CDROM|DVD)[A-Z0-9_]+$`),
		"scsi/sg.h":             regexp.MustCompile(`^SG_[A-Z0-9_]+$`),
		"scsi/scsi_ioctl.h":     regexp.MustCompile(`^SCSI_IOCTL_[A-Z0-9_]+$`),
		"linux/tty.h":           regexp.MustCompile(`^$`),
	}
	notCommand = regexp.MustCompile(`^_|^IOC(_(IN|OUT|INOUT)$|SIZE)|^KVM_(S390|PPC|ARM)_|^TCSANOW$|^FD_(SECTBASEMASK$|RAW_)|^SG_FLAG_|^SNDRV_SEQ_IOCTL_USER_PVERSION$|^DMA_BUF_SET_NAME$|^PPPIOCGIDLE$|^IOCTL_GNTALLOC_|^KDFONTOP|VT_(AUTO|PROCESS|ACKACQ|EVENT|MAX)|^TIOC(PKT|SER|M)_|^SIOCGSTAMP(NS)?$|^VIDIOC_SUBDEV_([GS]_(EDID|STD|DV_TIMINGS)|ENUMSTD|QUERYSTD|ENUM_DV_TIMINGS|QUERY_DV_TIMINGS|DV_TIMINGS_CAP)$`)
)

// typed says whether an old command, a plain number, has the type byte of a driver that uses such
// (Documentation/userspace-api/ioctl/ioctl-number.rst); other small numbers are no commands.
func typed(v uint64) bool {
	switch v >> 8 {
	case 0x03, 0x22, 0x46, 0x4b, 0x53, 0x54, 0x56, 0x89, 0x8b:
		return true
	}
	return false
}

// addName adds a name to those of a command that several drivers use.
func addName(all, n string) string {
	if all == "" {
		return n
	}
	names := strings.Split(all, " or ")
	for _, old := range names {
		if old == n {
			return all
		}
	}
	names = append(names, n)
	sort.Strings(names)
	return strings.Join(names, " or ")
}

// xenTypes are the types that Xen's headers take from its own (xen/interface/xen.h).
const xenTypes = "typedef __u32 grant_ref_t;\ntypedef __u16 domid_t;\ntypedef unsigned long xen_pfn_t;\n"

// ioctlTable returns zioctl.go: the ioctl commands of all headers in which the compiler can
// evaluate them and of the specification's constants, sorted by number.
func ioctlTable(files []*goFile, refs *blob) ([]byte, error) {
	var heads []string
	for _, d := range []string{"linux", "asm-generic", "sound", "rdma", "mtd", "misc", "scsi", "video", "xen", "asm", "linux/*", "misc/*"} {
		m, err := filepath.Glob("/usr/include/" + d + "/*.h")
		if err != nil {
			return nil, err
		}
		heads = append(heads, m...)
	}
	byNum := map[uint64]string{}
	type name struct {
		header string
		value  uint64
	}
	seen := map[name]bool{}
	for _, h := range heads {
		text, err := os.ReadFile(h)
		if err != nil {
			return nil, err
		}
		rel := strings.TrimPrefix(h, "/usr/include/")
		joined := strings.ReplaceAll(string(text), "\\\n", " ")
		var names []string
		byIO := map[string]bool{}
		for _, m := range regexp.MustCompile(`(?m)^\s*#\s*define\s+([A-Z]\w*)[ \t]+(.+)$`).FindAllStringSubmatch(joined, -1) {
			old := plain[rel]
			if (iocRe.MatchString(m[2]) || old != nil && old.MatchString(m[1]) && regexp.MustCompile(`^\(?(0[xX][0-9a-fA-F]+|S?IO|\d+)`).MatchString(m[2])) && !notCommand.MatchString(m[1]) {
				names = append(names, m[1])
				byIO[m[1]] = iocRe.MatchString(m[2])
			}
		}
		if len(names) == 0 {
			continue
		}
		inc := "#include <stddef.h>\n#include <stdint.h>\n#include <sys/types.h>\n#include <time.h>\n#include <linux/types.h>\n#include <sys/socket.h>\n#include <linux/ioctl.h>\n#include <stdbool.h>\n#include <linux/serial.h>\n#include <linux/filter.h>\n#include <linux/major.h>\n#include <linux/atmapi.h>\n#include <linux/atmioc.h>\n" + xenTypes + "#include <" + rel + ">\n"
		vals, err := values(inc, names)
		if err != nil {
			fmt.Fprintf(os.Stderr, "genxlat: %s left out: it does not compile by itself\n", rel)
			continue
		}
		for _, n := range names {
			v, ok := vals[n]
			if !ok || v > 0xffffffff || v == 0 || v < 0x10000 && !typed(v) && !byIO[n] || seen[name{h, v}] && !strings.HasPrefix(n, "VFIO_") {
				continue // of several names in one header the first is the name
			}
			seen[name{h, v}] = true
			byNum[v] = addName(byNum[v], n)
		}
	}
	for _, f := range files {
		for _, t := range f.tabs {
			for _, e := range t.entries {
				if t.names || t.consts && byNum[e.value] == "" && e.value != 0 {
					byNum[e.value] = addName(byNum[e.value], e.name)
				}
			}
		}
	}
	nums := make([]uint64, 0, len(byNum))
	for v := range byNum {
		nums = append(nums, v)
	}
	sort.Slice(nums, func(i, j int) bool { return nums[i] < nums[j] })
	var b bytes.Buffer
	b.WriteString(header)
	b.WriteString("// Ioctls is sorted by number.\nvar Ioctls = [...]Entry{\n")
	for _, v := range nums {
		b.WriteString(refs.entry(v, byNum[v]))
	}
	b.WriteString("}\n")
	return gofmt(b.Bytes()), nil
}
