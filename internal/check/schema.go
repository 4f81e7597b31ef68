package check

import (
	_ "embed"
	"slices"
)

//go:embed report.schema.json
var schema []byte

// Schema is the JSON Schema (2020-12) of a report of this Version.
func Schema() []byte { return slices.Clone(schema) }
