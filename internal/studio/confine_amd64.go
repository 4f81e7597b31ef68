package studio

// archSyscalls are the older forms of computing's calls, which only this
// processor's table has.
func archSyscalls() []string {
	return []string{"poll", "epoll_wait", "epoll_create", "pipe", "dup2", "time", "getrlimit", "arch_prctl"}
}
