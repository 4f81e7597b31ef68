package retention

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Words says a period as people do.
func Words(d time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{Year, "year"}, {Day, "day"}, {time.Hour, "hour"}} {
		// Two days and a half are 60 hours, and the policy speaks of 48.
		if d > 0 && d%unit.length == 0 && (unit.length != Day || d > PictureCeiling || d == Day) {
			if d == unit.length {
				return "1 " + unit.name
			}
			return fmt.Sprintf("%d %ss", d/unit.length, unit.name)
		}
	}
	return d.String()
}

// Table writes the classes as a Markdown table.
func Table(w io.Writer) error {
	var b strings.Builder
	b.WriteString("| class | what | kept | counted from | may be set | alert | never older than | deleted by | why |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, c := range Classes() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s | %s | %s |\n", c.Name, c.Holds, Words(c.Default), c.Anchor,
			c.settable(), Words(Period{c, c.Default}.Alert()), Words(c.Ceiling), c.purgedBy(), c.Ground+" ("+c.Basis+")")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (c Class) settable() string {
	if c.Setting == "" {
		return "no"
	}
	return fmt.Sprintf("%s to %s, `%s`", Words(c.Floor), Words(c.Longest), c.Setting)
}

func (c Class) purgedBy() string {
	if strings.Contains(c.Purger, " ") {
		return c.Purger
	}
	return "the job `" + c.Purger + "`"
}
