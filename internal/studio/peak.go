package studio

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// peakSoFar is the most memory that the running process has had, in bytes; 0
// when unknown.
func (c *child) peakSoFar() int64 { return c.status("VmHWM:") }

// resident is how much of the machine's memory the running process has, in bytes; 0
// when unknown.
func (c *child) resident() int64 { return c.status("VmRSS:") }

// status reads a figure of the kernel's in kB.
func (c *child) status(name string) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, line, _ := bytes.Cut(b, []byte(name))
	line, _, _ = bytes.Cut(line, []byte("kB"))
	kb, _ := strconv.ParseInt(string(bytes.TrimSpace(line)), 10, 64)
	return kb << 10
}

// peakAtEnd is the same of a process that has exited.
func (c *child) peakAtEnd() int64 {
	u, ok := c.cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return u.Maxrss << 10
}
