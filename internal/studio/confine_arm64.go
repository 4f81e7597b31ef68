package studio

// archSyscalls: this processor's table has no older forms.
func archSyscalls() []string { return []string{"getrlimit"} }
