package main

import (
	"fmt"
	"slices"
	"strings"
)

// table is printed as Markdown, columns in the order in which they were set.
type table struct {
	corner        string
	rows, columns []string
	cells         map[[2]string]string
}

func newTable(corner string) *table { return &table{corner: corner, cells: map[[2]string]string{}} }

func (t *table) set(row, column, value string) {
	if !slices.Contains(t.rows, row) {
		t.rows = append(t.rows, row)
	}
	if !slices.Contains(t.columns, column) {
		t.columns = append(t.columns, column)
	}
	t.cells[[2]string{row, column}] = value
}

func (t *table) print() {
	line := func(first string, cell func(column string) string) {
		cells := []string{first}
		for _, c := range t.columns {
			cells = append(cells, cell(c))
		}
		fmt.Println("| " + strings.Join(cells, " | ") + " |")
	}
	line(t.corner, func(c string) string { return c })
	line("---", func(string) string { return "---:" })
	for _, r := range t.rows {
		line(r, func(c string) string { return t.cells[[2]string{r, c}] })
	}
}
