// Package endtoend starts the real binaries on real servers and uses them from
// outside, as people, operators and misfortune do. It has tests only; they need
// `make build`.
package endtoend
