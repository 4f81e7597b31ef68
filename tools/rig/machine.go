package rig

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Machine describes where a measurement was made, in one sentence of Markdown.
func Machine(ctx context.Context) string {
	read := func(path string) string { b, _ := os.ReadFile(path); return string(b) }
	after := func(text, name string) string {
		_, rest, _ := strings.Cut(text, name)
		line, _, _ := strings.Cut(rest, "\n")
		return strings.TrimSpace(strings.TrimLeft(line, " \t:"))
	}
	var kb float64
	_, _ = fmt.Sscan(after(read("/proc/meminfo"), "MemTotal:"), &kb) // unknown: 0
	cpu := after(read("/proc/cpuinfo"), "model name")
	if cpu == "" {
		cpu = runtime.GOARCH
	}
	return fmt.Sprintf("%s, %d cores, %.0f GB of memory, Linux %s, Go %s, Redis %s, PostgreSQL %s",
		cpu, runtime.NumCPU(), kb/(1<<20), strings.TrimSpace(read("/proc/sys/kernel/osrelease")), strings.TrimPrefix(runtime.Version(), "go"),
		version(ctx, "redis-server", "v="), version(ctx, postgresProgram(), "PostgreSQL) "))
}

func postgresProgram() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(found) == 0 {
		return "postgres"
	}
	return found[len(found)-1]
}

// version is the word after a mark in what a program says of itself.
func version(ctx context.Context, program, mark string) string {
	said, err := exec.CommandContext(ctx, program, "--version").Output()
	_, rest, found := strings.Cut(string(said), mark)
	if words := strings.Fields(rest); err == nil && found && len(words) > 0 {
		return words[0]
	}
	return "of an unknown version"
}
