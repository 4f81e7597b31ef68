package rig

import (
	"fmt"
	"os"
	"strings"
)

// Use is what a process and its descendants have of the machine.
type Use struct {
	Memory float64 // resident bytes now; what several share counts for each
	CPU    float64 // seconds since the start, ended descendants included
}

// ticks is the kernel's clock ticks in a second, the same on every Linux that Go
// runs on.
const ticks = 100

// UseOf reads /proc; zero for a process that has gone.
func UseOf(pid int) Use {
	u := useOf(pid)
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid)) // a child belongs to the thread that started it
	for _, t := range tasks {
		children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, t.Name()))
		for _, child := range strings.Fields(string(children)) {
			var c int
			_, _ = fmt.Sscan(child, &c) // the kernel writes numbers
			more := UseOf(c)
			u.Memory, u.CPU = u.Memory+more.Memory, u.CPU+more.CPU
		}
	}
	return u
}

func useOf(pid int) (u Use) {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	// The name, in parentheses, may hold anything; the fields after it are counted
	// from the third.
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 22 {
		return u
	}
	for _, i := range []int{11, 12, 13, 14} { // utime, stime, cutime, cstime
		var v float64
		_, _ = fmt.Sscan(fields[i], &v)
		u.CPU += v / ticks
	}
	var pages float64
	_, _ = fmt.Sscan(fields[21], &pages)
	u.Memory = pages * float64(os.Getpagesize())
	return u
}
