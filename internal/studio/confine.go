package studio

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"
)

// memoryVariable tells a child how many bytes of private writable memory it may
// have.
const memoryVariable = "STUDIO_MEMORY_BYTES"

// openFiles is enough to load models and libraries one by one.
const openFiles = 64

// limitSelf sets what the child needs no file or library for, before it has
// read anything.
func limitSelf() error {
	memory, err := strconv.ParseUint(os.Getenv(memoryVariable), 10, 64)
	if err != nil {
		return fmt.Errorf("limit the studio: %s: %w", memoryVariable, err)
	}
	// When memory runs out on the machine, the kernel is to take children
	// first. It may refuse; the other limits hold all the same.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("500"), 0)
	// A write beyond RLIMIT_FSIZE shall be an error, not a death.
	signal.Ignore(unix.SIGXFSZ)
	for _, l := range []struct {
		resource int
		max      uint64
	}{
		{unix.RLIMIT_DATA, memory},
		{unix.RLIMIT_CORE, 0},
		{unix.RLIMIT_FSIZE, 0},
		{unix.RLIMIT_NOFILE, openFiles},
	} {
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.max, Max: l.max}); err != nil {
			return fmt.Errorf("limit the studio: resource %d to %d: %w", l.resource, l.max, err)
		}
	}
	// No neighbour may look into the picture's memory, and no dump shows it.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("limit the studio: %w", err)
	}
	return nil
}

// confine leaves the child, in all its threads, only the system calls that
// computing takes. There is no way to open a file, a socket or a process. What
// is not listed fails with EPERM, so that a library may do without.
//
// It is a list of what is allowed because the filter's answer for a foreign
// system call table (32-bit calls on a 64-bit kernel) is the default action.
func confine() error {
	self := uint64(os.Getpid()) // #nosec G115 -- a process ID is positive
	filter := seccomp.Filter{
		NoNewPrivs: true,
		Flag:       seccomp.FilterFlagTSync,
		Policy: seccomp.Policy{
			DefaultAction: seccomp.ActionErrno,
			Syscalls: []seccomp.SyscallGroup{
				{Action: seccomp.ActionAllow, Names: append(computing(), archSyscalls()...)},
				// The flags of clone3 lie in memory, where a filter can't see
				// them; ENOSYS makes the C library use clone.
				{Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS), Names: []string{"clone3"}},
				// These come last: after a condition that fails, the filter
				// goes on comparing with the argument in place of the call.
				{Action: seccomp.ActionAllow, NamesWithCondtions: []seccomp.NameWithConditions{
					{Name: "clone", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.BitsSet, Value: unix.CLONE_THREAD}}},
					{Name: "tgkill", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.Equal, Value: self}}},
					// Only to read one's own limits.
					{Name: "prlimit64", Conditions: seccomp.ArgumentConditions{
						{Argument: 0, Operation: seccomp.Equal, Value: 0},
						{Argument: 2, Operation: seccomp.Equal, Value: 0},
					}},
				}},
			},
		},
	}
	if err := seccomp.LoadFilter(filter); err != nil {
		return fmt.Errorf("confine the studio: %w", err)
	}
	return nil
}

// computing is what the Go runtime, the C library and the picture libraries
// need once everything is loaded: memory, threads, time, and the files that are
// open already.
func computing() []string {
	return []string{
		"read", "readv", "pread64", "write", "writev", "lseek", "close", "fstat", "fcntl", "dup", "dup3",
		"mmap", "munmap", "mprotect", "mremap", "madvise", "brk", "mincore", "membarrier",
		"futex", "set_robust_list", "rseq", "set_tid_address", "sched_yield",
		"sched_getaffinity", "sched_setaffinity", "sched_getparam", "sched_getscheduler", "getcpu",
		"clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "times",
		"timer_create", "timer_settime", "timer_gettime", "timer_delete", "setitimer",
		"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "sigaltstack", "restart_syscall",
		"getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "uname", "sysinfo", "getrusage", "getrandom",
		"epoll_create1", "epoll_ctl", "epoll_pwait", "eventfd2", "pipe2", "ppoll",
		"exit", "exit_group",
	}
}
